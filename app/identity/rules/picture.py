"""A picture of the channels that an operation is about, in which joining and parting is played through.

The same rules hold for one contact, for thousands at once and for a preview: each builds a picture of what is stored,
plays its work through, and then writes, or only tells, what has become of it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from app.accounts.rules import Guards
from app.channels.queries import Member
from app.channels.rules import Address
from app.identity.rules.guarding import is_role
from app.kinds import ChannelKind
from app.tables import LinkTrust, ProposalReason

Group = frozenset[UUID]
_age = attrgetter("age")


class Outcome(StrEnum):
    """What adding identifiers did to the identity of the contact."""

    CREATED = "CREATED"
    LINKED = "LINKED"
    MERGED = "MERGED"
    UNCHANGED = "UNCHANGED"
    PROPOSED = "PROPOSED"


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "OPEN"
    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"


def older_first(one: Member, other: Member) -> tuple[Member, Member]:
    """Two channels, the older first."""
    return (one, other) if one.age < other.age else (other, one)


class Held(NamedTuple):
    """A link in force."""

    id: UUID
    first_id: UUID
    second_id: UUID
    trust: LinkTrust

    @classmethod
    def between(cls, one: Member, other: Member, *, id: UUID, trust: LinkTrust) -> "Held":
        """A link between two channels, the older first."""
        first, second = older_first(one, other)
        return cls(id, first.id, second.id, trust)

    @property
    def ends(self) -> tuple[UUID, UUID]:
        """The two channels."""
        return self.first_id, self.second_id


class Known(NamedTuple):
    """A channel as it is stored, with what bears on linking it."""

    member: Member
    restricted: bool
    claimed: bool  # a link that is a claim ends here
    kept_apart: bool  # a never-link names it
    updated_at: datetime


class Sides(NamedTuple):
    """What two channels would join: the group of each, and the claims that would yield to it."""

    first: Group
    second: Group
    yielding: tuple[Held, ...] = ()


class Merged(NamedTuple):
    """Two profiles that became one: their ids, and the channels that came with the absorbed one."""

    survivor_id: UUID
    absorbed_id: UUID
    came: Group


class Picture:
    """The channels by id and address, in groups that are profiles."""

    def __init__(
        self,
        known: Sequence[Known],
        *,
        links: Iterable[Held] = (),
        never: Iterable[tuple[UUID, UUID]] = (),
        guards: Guards,
    ) -> None:
        self.members = {each.member.id: each.member for each in known}
        self.at: dict[Address, Member] = {member.place: member for member in self.members.values()}
        self.restricted = {each.member.id for each in known if each.restricted}
        self.updated_at = {each.member.id: each.updated_at for each in known}
        self.stored = dict(self.members)
        self.links: dict[UUID, Held] = {}
        self._claims: dict[
            UUID, Held
        ] = {}  # those of the links that are claims: few, and looked through again and again
        self._never = {frozenset(pair) for pair in never}
        self._guards = guards
        self._linked: set[tuple[UUID, UUID]] | None = None
        self._groups: dict[UUID, Group] = {}
        self._oldest: dict[UUID, Member] = {}
        by_profile: dict[UUID, list[UUID]] = {}
        for member in self.members.values():
            by_profile.setdefault(member.profile_id, []).append(member.id)
        for ids in by_profile.values():
            self._group(frozenset(ids))
        for link in links:
            self.hold(link)

    # ---- what it shows

    def group_of(self, channel_id: UUID) -> Group:
        """The channels of the profile that the channel is in."""
        return self._groups[channel_id]

    def profile_of(self, channel_id: UUID) -> UUID:
        """The id of the profile that the channel is in."""
        return self.oldest_of(channel_id).home_id

    def oldest_of(self, channel_id: UUID) -> Member:
        """The oldest channel of the profile that the channel is in."""
        return self._oldest[channel_id]

    def is_linked(self, link: Held) -> bool:
        """Whether the link would tell again what one tells already, where that is not kept."""
        return self._linked is not None and link.ends in self._linked

    def holds_without(self, link: Held) -> bool:
        """Whether other links join the two ends of a link as well."""
        return link.first_id in self._reach(link.second_id, {link.id})

    def moved(self) -> dict[UUID, list[UUID]]:
        """The stored channels whose profile is another now, by that profile's id."""
        found: dict[UUID, list[UUID]] = {}
        for id, member in self.stored.items():
            profile_id = self.profile_of(id)
            if profile_id != member.profile_id:
                found.setdefault(profile_id, []).append(id)
        return found

    def emptied(self) -> set[UUID]:
        """The stored profiles that no channel is in any more."""
        return {member.profile_id for member in self.stored.values()} - {self.profile_of(id) for id in self.members}

    def born(self) -> list[Member]:
        """The channels that are not stored yet, each in the profile that it is in now."""
        new = (member for id, member in self.members.items() if id not in self.stored)
        return [member._replace(profile_id=self.profile_of(member.id)) for member in new]

    # ---- guards

    def sides_by_hand(self, first_id: UUID, second_id: UUID) -> Sides:
        """What a person joins who says that the two profiles are one: all of both."""
        return Sides(self._groups[first_id], self._groups[second_id])

    def sides(self, first_id: UUID, second_id: UUID, *, trust: LinkTrust) -> Sides:
        """What data about two addresses of different groups would join.

        To trusted data the claims of these addresses yield: they would glue strangers.
        """
        claims = [link for link in self._claims.values() if {first_id, second_id} & set(link.ends)]
        if not claims or trust is LinkTrust.CLAIMED:
            return self.sides_by_hand(first_id, second_id)
        dropped = {link.id for link in claims}
        return Sides(self._reach(first_id, dropped), self._reach(second_id, dropped), tuple(claims))

    def objection(
        self, first_id: UUID, second_id: UUID, sides: Sides, *, trust: LinkTrust, merges: bool
    ) -> ProposalReason | None:
        """The guard that keeps contact data from joining the two sides, if any; `merges`: both were known before."""
        by_hand = self.objection_by_hand(sides)
        if by_hand is ProposalReason.NEVER_LINK:
            return by_hand
        if self.restricted & (self._groups[first_id] | self._groups[second_id]):  # what a claim holds now, too
            return ProposalReason.PROCESSING_RESTRICTED
        if by_hand is None and merges:
            if any(is_role(self.members[id].place, self._guards) for id in (first_id, second_id)):
                return ProposalReason.ROLE_ADDRESS
            if trust is LinkTrust.CLAIMED:
                return ProposalReason.UNVERIFIED
        return by_hand

    def objection_by_hand(self, sides: Sides, overruled: ProposalReason | None = None) -> ProposalReason | None:
        """The guard that keeps even a person from joining the two sides, if any."""
        objections = (ProposalReason.NEVER_LINK, self._kept_apart), (ProposalReason.CHANNEL_LIMIT, self._over_limit)
        return next((reason for reason, holds in objections if reason is not overruled and holds(sides)), None)

    def _kept_apart(self, sides: Sides) -> bool:
        return any(len(pair & sides.first) == 1 and len(pair & sides.second) == 1 for pair in self._never)

    def _over_limit(self, sides: Sides) -> bool:
        """Whether both bring addresses of a kind, and more than may be; what is over the limit already stays so."""
        if len(sides.first) + len(sides.second) <= self._guards.max_channels_per_kind:
            return False
        for kind in ChannelKind:
            counts = [sum(self.members[id].kind is kind for id in side) for side in (sides.first, sides.second)]
            if min(counts) > 0 and sum(counts) > self._guards.max_channels_per_kind:
                return True
        return False

    # ---- changes

    def add(self, member: Member) -> None:
        """Adds a channel that is not stored yet, in a group of its own."""
        self.members[member.id] = self.at[member.place] = member
        self._group(frozenset([member.id]), member)

    def link_once(self, linked: Iterable[tuple[UUID, UUID]]) -> None:
        """From now on no second link is kept of two channels; these are linked by trusted data, the older one first."""
        self._linked = set(linked)

    def hold(self, link: Held) -> None:
        """Adds a link between channels of one group."""
        self.links[link.id] = link
        self._claims.pop(link.id, None)  # it may be confirmed
        if link.trust is LinkTrust.CLAIMED:
            self._claims[link.id] = link
        elif self._linked is not None:
            self._linked.add(link.ends)

    def join(self, sides: Sides, link: Held) -> Merged:
        """Joins the two sides by a link; the claims that yield to it are dropped: what they alone held falls off."""
        self.drop(*(claim.id for claim in sides.yielding))
        self.hold(link)
        ends = (next(iter(side)) for side in (sides.first, sides.second))
        older, younger = older_first(*(self._oldest[id] for id in ends))
        merged = Merged(older.home_id, younger.home_id, self._groups[younger.id])
        self._group(sides.first | sides.second, older)
        return merged

    def _joined_since(self, claim: Held) -> bool:
        """Whether later trusted data has joined one of the claim's addresses to somebody: ids sort by time."""
        later = (link for link in self.links.values() if link.trust is LinkTrust.TRUSTED and link.id > claim.id)
        return any(set(link.ends) & set(claim.ends) for link in later)

    def revive(self, claim: Held, *, apart: tuple[UUID, UUID]) -> bool:
        """Puts a claim that yielded into force again.

        Not where a guard objects by now, it joins what is to part, or would have yielded to what came since.
        """
        if claim.second_id not in self._groups[claim.first_id]:
            sides = self.sides_by_hand(*claim.ends)
            both = sides.first | sides.second
            if self.objection_by_hand(sides) or self.restricted & both or both >= set(apart):
                return False
            if self._joined_since(claim):
                return False
            self._group(both)
        self.hold(claim)
        return True

    def drop(self, *link_ids: UUID) -> None:
        """Drops links: their groups fall apart along the links that are left."""
        dropped = [self.links.pop(id) for id in link_ids]
        for id in link_ids:
            self._claims.pop(id, None)
        for rest in {self._groups[link.first_id] for link in dropped}:
            pairs = [link.ends for link in self.links.values() if link.first_id in rest]
            for ids in components(rest, pairs):
                self._group(frozenset(ids))

    def _group(self, ids: Group, oldest: Member | None = None) -> None:
        """Makes the channels a group; the oldest of them is given where it is known already."""
        oldest = oldest or min((self.members[id] for id in ids), key=_age)
        for id in ids:
            self._groups[id] = ids
            self._oldest[id] = oldest

    def _reach(self, channel_id: UUID, without: Collection[UUID]) -> Group:
        """The channels of its group that chains of links still join it with."""
        group = self._groups[channel_id]
        pairs = [link.ends for link in self.links.values() if link.id not in without and link.first_id in group]
        return next(frozenset(ids) for ids in components(group, pairs) if channel_id in ids)


def survivor(members: Iterable[Member]) -> UUID:
    """The id of the profile that these channels make together: the home of the oldest."""
    return min(members, key=lambda member: member.age).home_id


def holding(links: Mapping[UUID, Held], link: Held, side: Collection[UUID]) -> list[Held]:
    """The links that still hold together what one link joined; `side` are the channels that it joined to the others.

    Only what reaches the link's end on the other side counts: every chain that holds goes through one of these.
    """
    others = [each for each in links.values() if each.id != link.id]
    beyond_end = link.second_id if link.first_id in side else link.first_id
    outside = [each.ends for each in others if not set(each.ends) & set(side)]
    beyond = next(ids for ids in components({*_ends(outside), beyond_end}, outside) if beyond_end in ids)
    return [each for each in others if len(set(each.ends) & set(side)) == 1 and set(each.ends) & set(beyond)]


def _ends(pairs: Iterable[tuple[UUID, UUID]]) -> set[UUID]:
    return {id for pair in pairs for id in pair}


def components(channels: Iterable[UUID], links: Iterable[tuple[UUID, UUID]]) -> list[list[UUID]]:
    """The channels that chains of links join: what profiles are."""
    leader = {channel: channel for channel in channels}

    def find(channel: UUID) -> UUID:
        while leader[channel] != channel:
            leader[channel] = leader[leader[channel]]
            channel = leader[channel]
        return channel

    for first, second in links:
        leader[find(first)] = find(second)
    together: dict[UUID, list[UUID]] = {}
    for channel in leader:
        together.setdefault(find(channel), []).append(channel)
    return list(together.values())
