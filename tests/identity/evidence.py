"""The model of what is kept about who is whom."""

from collections.abc import Collection
from dataclasses import dataclass, field

from tests.identity.contents import Channel


@dataclass(eq=False)
class Link:
    """Evidence that two channels are one person's; a claim is what somebody said who was not checked."""

    ends: frozenset[Channel]
    claimed: bool = False
    id: str = ""
    in_force: bool = True


@dataclass(eq=False)
class NeverLink:
    """A cut: no channel of one side may be in one profile with a channel of the other."""

    one: frozenset[Channel]
    other: frozenset[Channel]
    id: str = ""

    def stands_against(self, profile: Collection[Channel]) -> bool:
        """Whether these channels may not be one profile."""
        return not (self.one.isdisjoint(profile) or self.other.isdisjoint(profile))

    def without(self, profile: frozenset[Channel]) -> list["NeverLink"]:
        """What is left of it where these channels may be one profile: what it says of others."""
        if not self.stands_against(profile):
            return [self]
        left = (self.one - profile, self.other), (self.one & profile, self.other - profile)
        return [NeverLink(one, other) for one, other in left if one and other]


@dataclass(eq=False)
class Merge:
    """A link that joined two profiles, each known by its oldest channel, and what the absorbed one brought."""

    link: Link
    survivor: Channel
    absorbed: Channel
    came: frozenset[Channel]
    yielded: list[Link] = field(default_factory=list)  # claims that were retracted for it
    id: str = ""
    undone: bool = False


@dataclass(eq=False)
class Proposal:
    """A link that guards stopped. One of `reasons` is told as the reason."""

    ends: frozenset[Channel]
    reasons: set[str]
    id: str = ""
    resolved: str | None = None
