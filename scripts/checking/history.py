"""What must hold of the account after what was asked for and acknowledged: nothing lost, nothing twice."""

from collections import Counter, defaultdict
from collections.abc import Iterator

from checking.journal import Journal, Record
from checking.state import Link, State

CLOCK = 0.01  # seconds by which two readings of this machine's clock may differ
CONTACTS = ("addSmsContact", "addEmailContact")


def contacts_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """An acknowledged contact has its channels, and one link where it gave two addresses that no guard kept apart."""
    links, channel_at = by_detail(state), {channel.address: channel.id for channel in state.channels}
    for record in journal.of(*CONTACTS, "addChannel"):
        missing = [address for address in record.addresses if address not in channel_at]
        if record.acknowledged and missing:
            yield f"{record.kind} {record.number} was acknowledged, but {missing} is not there"
    for record in journal.of(*CONTACTS):
        found = links[record.token]
        if len(found) not in _expected(record):
            yield f"{record.kind} {record.number}, {record.fate}, {record.outcome}: it has {len(found)} links"
        ends = {channel_at.get(address) for address in record.addresses}
        yield from (f"{link.id} of {record.token} is between other channels" for link in found if {*link.ends} != ends)


def by_detail(state: State) -> defaultdict[str | None, list[Link]]:
    """The links of each operation."""
    links: defaultdict[str | None, list[Link]] = defaultdict(list)
    for link in state.links.values():
        links[link.detail].append(link)
    return links


def _expected(record: Record) -> set[int]:
    """How many links the contact may have."""
    if len(record.addresses) < 2 or not record.possible:
        return {0}
    if not record.acknowledged:
        return {0, 1}
    return {0} if record.outcome["outcome"] == "PROPOSED" else {1}  # accepting a proposal makes a link of its own


def merges_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """An acknowledged merge is on record once, with one link; one that was refused is not."""
    links, counts = by_detail(state), Counter(merge.reason for merge in state.merges.values())
    for record in journal.of("mergeProfiles"):
        allowed = {1} if record.acknowledged else {0, 1} if record.possible else {0}
        count = counts[record.token]
        if count not in allowed or len(links[record.token]) != count:
            yield f"mergeProfiles {record.number}, {record.fate}: {count} merges, {len(links[record.token])} links"
    for record in journal.records:
        ids = [*record.outcome.get("merges", ()), record.outcome.get("merge")]
        yield from (f"{id} of {record.token} is not on record" for id in ids if id and id not in state.merges)


def undos_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """An acknowledged undo left its mark, no merge was undone twice, and one is undone while its link is retracted."""
    done: set[str] = set()
    for record in journal.of("undoMerge"):
        id = record.input["mergeId"]
        if record.acknowledged:
            if id in done:
                yield f"undoMerge {record.number} was acknowledged, but {id} had been undone before"
            done.add(id)
            if id in state.merges and state.merges[id].undone_at is None:
                yield f"undoMerge {record.number} was acknowledged, but {id} is not undone"
    for link in state.links.values():
        merge = state.merges.get(link.merge_id or "")
        if merge and (merge.undone_at is None) != (link.retracted_at is None):
            yield f"{merge.id} was undone at {merge.undone_at}, its link {link.id} retracted at {link.retracted_at}"


def retractions_are_explained(state: State, journal: Journal) -> Iterator[str]:
    """Every link that was retracted, was retracted by an undo of its merge, or by unlinking one of its channels."""
    undos: defaultdict[str | None, list[Record]] = defaultdict(list)
    unlinks: defaultdict[str, list[Record]] = defaultdict(list)
    for record in journal.records:
        if record.kind == "undoMerge":
            undos[record.input["mergeId"]].append(record)
        elif record.kind == "unlinkChannel":
            unlinks[record.input["channelId"]].append(record)
    for link in state.links.values():
        if link.retracted_at is not None:
            causes = [*undos[link.merge_id], *(record for end in link.ends for record in unlinks[end])]
            if not any(_may_have_been(record, link.retracted_at) for record in causes):
                yield f"{link.id} ({link.detail}) was retracted, and nothing explains it: {[c.number for c in causes]}"


def _may_have_been(record: Record, at: float) -> bool:
    return record.possible and record.sent - CLOCK <= at <= record.until + CLOCK


def unlinks_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """Unlinking retracted every link of its channel that had been acknowledged before."""
    answered = {record.token: record.answered for record in journal.records if record.acknowledged}
    links: defaultdict[str, list[Link]] = defaultdict(list)
    for link in state.links.values():
        for end in link.ends:
            links[end].append(link)
    for record in journal.of("unlinkChannel"):
        if record.acknowledged:
            for link in links[record.input["channelId"]]:
                before = link.detail is not None and answered.get(link.detail, record.sent) < record.sent
                if before and not (link.retracted_at and link.retracted_at <= record.until + CLOCK):
                    yield f"unlinkChannel {record.number} was acknowledged, but {link.id} ({link.detail}) stayed"
