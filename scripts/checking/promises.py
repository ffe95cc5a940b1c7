"""What must hold of the account after what clients were shown: ids resolve, decisions and cuts stay."""

from collections import defaultdict
from collections.abc import Iterator

from checking.history import CONTACTS
from checking.journal import Journal, Record
from checking.seen import Seen
from checking.shape import apart
from checking.state import Merge, NeverLink, State


def ids_resolve(state: State, seen: Seen) -> Iterator[str]:
    """Every profile id that was ever returned resolves to the profile of the channel that was born with it."""
    profile_of, listed = state.profile_of(), set(state.profile_ids)
    for id, node in state.resolved.items():
        if node is None or node["id"] not in listed:
            yield f"{id} was returned once, and resolves to {node}"
            continue
        channel = seen.channel_at_home.get(id)
        if channel is not None and profile_of.get(channel) != node["id"]:
            yield f"{id} is the home of {channel}, which is in {profile_of.get(channel)}; it resolves to {node['id']}"


def proposals_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """A proposal is there, and is what it was resolved to, once."""
    for record in journal.records:
        id = record.outcome.get("proposal")
        if id and id not in state.proposals:
            yield f"{id} of {record.token} is not there"
    resolved: set[str] = set()
    for record in journal.of("resolveLinkProposal"):
        if record.acknowledged:
            id, wanted = record.input["id"], "ACCEPTED" if record.input["accept"] else "REJECTED"
            if id in resolved:
                yield f"resolveLinkProposal {record.number} was acknowledged, but {id} had been resolved before"
            resolved.add(id)
            proposal = state.proposals.get(id)
            if proposal is None or proposal.status != wanted:
                yield f"resolveLinkProposal {record.number} was acknowledged as {wanted}, and now: {proposal}"


def lifts_are_kept(state: State, journal: Journal) -> Iterator[str]:
    """A never-link that was lifted is gone."""
    for record in journal.of("liftNeverLink"):
        if record.acknowledged and record.input["id"] in state.never_links:
            yield f"liftNeverLink {record.number} was acknowledged, but {record.input['id']} is there"


def cuts_are_kept(state: State, journal: Journal, seen: Seen) -> Iterator[str]:
    """What was cut for good stays apart, until the never-link is lifted or a proposal against it accepted."""
    lifted = {record.input["id"] for record in journal.of("liftNeverLink") if record.possible}
    never_links = [
        *state.never_links.values(),
        *(NeverLink(id, *seen.never_links[id]) for id in lifted if id in seen.never_links),
    ]
    of: defaultdict[str, list[NeverLink]] = defaultdict(list)
    for never in never_links:
        for channel in never.one | never.other:
            of[channel].append(never)
    overruling = _overruling(state, journal)
    for record, one, other in _cuts(state, journal):
        overruled = any((one in m.came) != (other in m.came) and m.at >= record.sent for m in overruling)
        if not overruled and not any(apart(never, one, other) for never in of[one]):
            yield f"{record.kind} {record.number} cut {one} from {other} for good, and no never-link says so"


def _overruling(state: State, journal: Journal) -> list[Merge]:
    """The merges by proposals that were accepted against a never-link: those that no other operation explains."""
    explained = {id for record in journal.of(*CONTACTS, "addChannel") for id in record.outcome.get("merges", ())}
    reasons = {record.token for record in journal.of("mergeProfiles")}
    return [merge for merge in state.merges.values() if merge.id not in explained and merge.reason not in reasons]


def _cuts(state: State, journal: Journal) -> Iterator[tuple[Record, str, str]]:
    """The pairs of channels that acknowledged operations cut for good."""
    ends = {link.merge_id: link.ends for link in state.links.values() if link.merge_id}
    for record in journal.of("undoMerge"):
        if record.acknowledged and record.input["neverLinkAgain"] and record.input["mergeId"] in ends:
            one, other = ends[record.input["mergeId"]]
            yield record, one, other
    for record in journal.of("resolveLinkProposal"):
        proposal = state.proposals.get(record.input["id"])
        if record.acknowledged and not record.input["accept"] and proposal is not None:
            one, other = proposal.channels
            yield record, one, other
