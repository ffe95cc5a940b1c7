"""What must hold of any account at any time, whatever was done to it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from checking.servers import LIMIT
from checking.state import Link, NeverLink, State


def one_channel_for_an_address(state: State) -> Iterator[str]:
    """An address is one channel, and a channel is in one profile."""
    addresses = Counter((channel.kind, channel.address) for channel in state.channels)
    yield from (f"{address} is {times} channels" for (_, address), times in addresses.items() if times > 1)
    places = Counter(channel.id for channel in state.channels)
    yield from (f"{id} is in {times} profiles" for id, times in places.items() if times > 1)
    profiles = Counter(state.profile_ids)
    yield from (f"{id} is listed {times} times" for id, times in profiles.items() if times > 1)


def profiles_are_what_links_join(state: State) -> Iterator[str]:
    """Two channels share a profile exactly when a chain of links in force joins them."""
    profile_of = state.profile_of()
    for link in state.links.values():
        if set(link.ends) - set(profile_of) or len(link.ends) != 2:
            yield f"{link.id} is between {link.ends}, which are not two listed channels"
    joined = _joined(state, (link for link in state.links.values() if link.retracted_at is None))
    yield from _split("are joined by links, but in different profiles", joined, profile_of)
    yield from _split("are in one profile, but no links join them", profile_of, joined)


def _joined(state: State, links: Iterable[Link]) -> dict[str, str]:
    """For each channel, one of those that these links join it with: the same for all of them."""
    leader = {channel.id: channel.id for channel in state.channels}
    for link in links:
        if len(link.ends) == 2 and set(link.ends) <= leader.keys():
            one, other = (_found(leader, end) for end in link.ends)
            leader[one] = other
    return {id: _found(leader, id) for id in leader}


def _found(leader: dict[str, str], id: str) -> str:
    while leader[id] != id:
        leader[id] = leader[leader[id]]
        id = leader[id]
    return id


def _split(what: str, groups: dict[str, str], others: dict[str, str]) -> Iterator[str]:
    """Members of one group that are in several of the others."""
    first: dict[str, str] = {}
    for id, group in groups.items():
        known = first.setdefault(group, id)
        if others[known] != others[id]:
            yield f"{known} and {id} {what}"


def never_links_hold(state: State) -> Iterator[str]:
    """No profile has channels of both sides of a never-link."""
    profile_of = state.profile_of()
    for never in state.never_links.values():
        for id in _profiles(never.one, profile_of) & _profiles(never.other, profile_of):
            yield f"{id} has channels of both sides of {never.id}"


def _profiles(channels: Iterable[str], profile_of: dict[str, str]) -> set[str]:
    return {profile_of[id] for id in channels if id in profile_of}


def apart(never: NeverLink, one: str, other: str) -> bool:
    """Whether the never-link keeps these two channels apart."""
    return (one in never.one and other in never.other) or (one in never.other and other in never.one)


def nobody_is_over_the_limit(state: State) -> Iterator[str]:
    """A profile has no more channels of a kind than the account allows, unless somebody overruled the limit."""
    ever = _joined(state, state.links.values())
    overruled = {
        ever[id]
        for proposal in state.proposals.values()
        if (proposal.reason, proposal.status) == ("CHANNEL_LIMIT", "ACCEPTED")
        for id in proposal.channels
    }
    counts: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for channel in state.channels:
        counts[channel.profile_id, channel.kind].append(channel.id)
    for (id, kind), channels in counts.items():
        if len(channels) > LIMIT and ever[channels[0]] not in overruled:
            yield f"{id} has {len(channels)} channels of kind {kind}"


def proposals_fit(state: State) -> Iterator[str]:
    """A proposal is superseded exactly while its channels are together anyway; a pair has one open proposal."""
    profile_of = state.profile_of()
    for proposal in state.proposals.values():
        together = len({profile_of[id] for id in proposal.channels}) == 1
        resolved = proposal.status in ("ACCEPTED", "REJECTED")
        if resolved != (proposal.resolved_at is not None):
            yield f"{proposal.id} is {proposal.status}, resolved at {proposal.resolved_at}"
        if not resolved and together != (proposal.status == "SUPERSEDED"):
            yield f"{proposal.id} is {proposal.status}, and its channels are {'together' if together else 'apart'}"
    waiting = (p for p in state.proposals.values() if p.resolved_at is None)
    pairs = Counter(frozenset(proposal.channels) for proposal in waiting)
    yield from (f"{sorted(pair)} have {times} proposals that wait" for pair, times in pairs.items() if times > 1)


def the_report_adds_up(state: State) -> Iterator[str]:
    """The figures of the linkage report are those of the profiles."""
    kinds: dict[str, set[str]] = {id: set() for id in state.profile_ids}
    for channel in state.channels:
        kinds[channel.profile_id].add(channel.kind)
    counts = Counter("+".join(sorted(found)) for found in kinds.values())
    expected = {
        "profiles": len(kinds),
        "linked": counts["EMAIL+SMS"],
        "emailOnly": counts["EMAIL"],
        "smsOnly": counts["SMS"],
    }
    if state.report != expected:
        yield f"the report says {state.report}, the profiles {expected}"
