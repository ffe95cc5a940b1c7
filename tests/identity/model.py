"""Identity as plainly as it can be said: a graph of channels and links; its components are the profiles.

Nothing of the product is used here. What must be answered is decided before it is asked; only ids come from it.
"""

from collections.abc import Collection, Iterable, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime

from tests.identity.contents import PLACEHOLDERS, Channel, oldest_first
from tests.identity.evidence import Link, Merge, NeverLink, Proposal

KINDS = ("EMAIL", "SMS")
LIMIT, ROLE, APART, UNVERIFIED = "CHANNEL_LIMIT", "ROLE_ADDRESS", "NEVER_LINK", "UNVERIFIED"


class Refused(Exception):
    """A user error with one of these codes; nothing is changed."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = set(codes)


@dataclass
class Joined:
    """What contact data does: to which profile (that of `own`), and what arises."""

    outcome: str
    own: Channel
    channels: list[Channel]
    merge: Merge | None = None
    proposal: Proposal | None = None
    objections: set[str] = field(default_factory=set)


@dataclass
class Model:
    """One account."""

    limit: int
    channels: dict[str, Channel] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)
    never_links: list[NeverLink] = field(default_factory=list)
    proposals: list[Proposal] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    allowed: list[frozenset[Channel]] = field(default_factory=list)  # profiles that people let be over the limit

    # ---- profiles

    def profile(self, channel: Channel, without: Collection[Link] = ()) -> list[Channel]:
        """The channels that chains of links in force join with this one, the oldest first."""
        links = [link.ends for link in self.links if link.in_force and link not in without]
        reached, edge = {channel}, [channel]
        while edge:
            here = edge.pop()
            beside = {end for ends in links if here in ends for end in ends} - reached
            reached |= beside
            edge.extend(beside)
        return oldest_first(reached)

    def holding(self, link: Link, without: Collection[Link] = ()) -> bool:
        """Whether others than a link in force, and than those `without`, hold its ends together."""
        one, other = link.ends
        return link.in_force and other in self.profile(one, without=[link, *without])

    def copy(self) -> "Model":
        """Another account just like this one."""
        return deepcopy(self)

    def profiles(self) -> list[list[Channel]]:
        """All profiles, each by its channels."""
        found: list[list[Channel]] = []
        for channel in self.channels.values():
            if not any(channel in profile for profile in found):
                found.append(self.profile(channel))
        return found

    def status(self, proposal: Proposal) -> str:
        """Pointless is a proposal whose channels are in one profile anyway."""
        one, other = proposal.ends
        return proposal.resolved or ("SUPERSEDED" if other in self.profile(one) else "OPEN")

    def objections(self, one: Sequence[Channel], two: Sequence[Channel], ends: Iterable[Channel]) -> set[str]:
        """The guards that object to one profile of these two; `ends` are where evidence would merge known ones."""
        both = [*one, *two]
        over = [
            kind
            for kind in KINDS
            if all(any(channel.kind == kind for channel in side) for side in (one, two))
            and sum(channel.kind == kind for channel in both) > self.limit
        ]
        found = {LIMIT} if over else set()
        found |= {ROLE} if any(end.is_role for end in ends) else set()
        return found | ({APART} if any(cut.stands_against(both) for cut in self.never_links) else set())

    # ---- contact data

    def add(self, own: str, other: str | None, at: datetime, *, claimed: bool = False) -> Joined:
        """Contact data with one or two addresses."""
        given = [address for address in dict.fromkeys((own, other)) if address and address not in PLACEHOLDERS]
        if not given:
            raise Refused("BLOCKED_IDENTIFIER")
        unknown = [address for address in given if address not in self.channels]
        ends = [self._channel(address, at) for address in given]
        if len(ends) == 2:
            return self.connect(ends[0], ends[1], unknown, claimed=claimed)
        return Joined("CREATED" if unknown else "UNCHANGED", ends[0], ends)

    def connect(self, own: Channel, other: Channel, unknown: Collection[str], *, claimed: bool) -> Joined:
        """Evidence that the two are one person's; `unknown` are the addresses that came up with it.

        Where it is trusted and joins two profiles, the claims at its ends yield: strangers are not glued by them.
        """
        together = other in self.profile(own)
        if together or len(unknown) == 2:
            self._link(own, other, claimed=claimed)
            return Joined("UNCHANGED" if together else "CREATED", own, [own, other])
        at_ends = [link for link in self.links if link.in_force and link.claimed and link.ends & {own, other}]
        yielding = [] if claimed else at_ends
        one, two = (self.profile(end, without=yielding) for end in (own, other))
        reasons = self.objections(one, two, () if unknown else (own, other))
        reasons |= {UNVERIFIED} if claimed and not unknown else set()
        if reasons:
            return Joined("PROPOSED", own, [own, other], None, self._proposal(own, other, reasons), reasons)
        for claim in yielding:
            claim.in_force = False
        if unknown:
            self._link(own, other, claimed=claimed)
            return Joined("LINKED", own, [own, other])
        return Joined("MERGED", own, [own, other], merge=self._merge(own, other, yielding))

    def _channel(self, address: str, at: datetime) -> Channel:
        return self.channels.setdefault(address, Channel(address, at))

    def _objections_to_data(
        self, own: Channel, other: Channel, unknown: Collection[str], yielding: Collection[Link]
    ) -> set[str]:
        one, two = (self.profile(end, without=yielding) for end in (own, other))
        return self.objections(one, two, () if unknown else (own, other))

    def _link(self, one: Channel, other: Channel, *, claimed: bool = False) -> Link:
        link = Link(frozenset([one, other]), claimed)
        self.links.append(link)
        return link

    def _merge(self, one: Channel, other: Channel, yielded: Sequence[Link] = ()) -> Merge:
        older, younger = sorted([self.profile(one), self.profile(other)], key=lambda profile: profile[0].age)
        merge = Merge(self._link(one, other), older[0], younger[0], frozenset(younger), [*yielded])
        self.merges.append(merge)
        return merge

    def _proposal(self, one: Channel, other: Channel, reasons: set[str]) -> Proposal:
        ends = frozenset([one, other])
        for waiting in self.proposals:
            if waiting.ends == ends and not waiting.resolved:
                return waiting
        self.proposals.append(Proposal(ends, reasons))
        return self.proposals[-1]

    # ---- by hand

    def merge(self, one: Channel, other: Channel) -> Merge:
        """Two profiles become one; the evidence is between their oldest channels."""
        first, second = self.profile(one), self.profile(other)
        if first == second:
            raise Refused("INVALID_VALUE")
        self._check(first, second, overruled="")
        return self._merge(first[0], second[0])

    def undo(self, merge: Merge, *, remember: bool) -> tuple[list[Channel], list[Channel]]:
        """The link is retracted, if nothing else holds its ends together; the two profiles that are left.

        The claims that yielded to it hold again, unless a guard objects by now, they would join the two, or would have
        yielded to what came since.
        """
        one, other = merge.link.ends
        if not merge.link.in_force or self.holding(merge.link):
            raise Refused("INVALID_STATE")
        merge.link.in_force, merge.undone = False, True
        for claim in merge.yielded:
            first, second = map(self.profile, claim.ends)
            joins = one in [*first, *second] and other in [*first, *second]
            joins = joins or self._joined_since(claim)
            claim.in_force = first == second or not (joins or self.objections(first, second, ()))
        if remember:
            self._keep_apart(self.profile(one), self.profile(other))
        return self.profile(one), self.profile(other)

    def _joined_since(self, claim: Link) -> bool:
        """Whether trusted data that came after the claim holds one of its ends: it would have yielded to that."""
        later = self.links[self.links.index(claim) + 1 :]
        return any(link.in_force and not link.claimed and link.ends & claim.ends for link in later)

    def unlink(self, channel: Channel, *, remember: bool) -> list[list[Channel]]:
        """All links of the channel are retracted; the profiles that the others are in now."""
        others = [other for other in self.profile(channel) if other is not channel]
        if not others:
            raise Refused("INVALID_STATE")
        for link in self.links:
            link.in_force = link.in_force and channel not in link.ends
        if remember:
            self._keep_apart([channel], others)
        return [self.profile(other) for other in others]

    def reject(self, proposal: Proposal) -> None:
        """Its channels are kept apart from now on."""
        self._check_open(proposal)
        one, other = proposal.ends
        proposal.resolved = "REJECTED"
        if not any(cut.stands_against(proposal.ends) for cut in self.never_links):
            self._keep_apart([one], [other])

    def accept(self, proposal: Proposal) -> Merge:
        """The guard that made it is overruled, and no other."""
        self._check_open(proposal)
        one, other = proposal.ends
        first, second = self.profile(one), self.profile(other)
        [reason] = proposal.reasons
        self._check(first, second, overruled=reason)
        if reason == LIMIT:
            self.allowed.append(frozenset([*first, *second]))
        self.never_links = [left for cut in self.never_links for left in cut.without(frozenset([*first, *second]))]
        proposal.resolved = "ACCEPTED"
        return self._merge(one, other)

    def _check_open(self, proposal: Proposal) -> None:
        if self.status(proposal) != "OPEN":
            raise Refused("INVALID_STATE")

    def _check(self, one: list[Channel], two: list[Channel], *, overruled: str) -> None:
        codes = {LIMIT: "CHANNEL_LIMIT", APART: "CONFLICT"}
        against = self.objections(one, two, ()) - {overruled}
        if against:
            raise Refused(*(codes[reason] for reason in against))

    def _keep_apart(self, one: Collection[Channel], other: Collection[Channel]) -> None:
        self.never_links.append(NeverLink(frozenset(one), frozenset(other)))
