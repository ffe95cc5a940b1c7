"""Addresses in families that overlap, re-drawn over time: the data grows to thousands of profiles that stay small."""

import random
from collections import deque
from dataclasses import dataclass, field
from itertools import count

HOT = 3
HOT_SHARE = 0.08
SIZES, HOT_SIZE = (3, 6), 10  # of each kind of address
USES, HOT_USES = 45, 300
NEIGHBOURS = 0.03  # how often an address of another family is taken: crossing families
ROLES = 0.2  # families with a role mailbox


def recent() -> deque[str]:
    """The ids that were seen last."""
    return deque(maxlen=12)


@dataclass(slots=True)
class Family:
    """Addresses that come in together, and what was seen of the profiles that they are in."""

    emails: list[str]
    mobiles: list[str]
    uses_left: int
    profile_ids: deque[str] = field(default_factory=recent)
    channel_ids: deque[str] = field(default_factory=recent)
    merge_ids: deque[str] = field(default_factory=recent)
    proposal_ids: deque[str] = field(default_factory=recent)
    never_link_ids: deque[str] = field(default_factory=recent)


class Families:
    """The families that are in use; one that was used often is replaced by another."""

    def __init__(self, drawn: random.Random, active: int) -> None:
        self._drawn = drawn
        self._numbers = count()
        self._hot = [self._new(hot=True) for _ in range(HOT)]
        self._active = [self._new(hot=False) for _ in range(active)]

    def one(self, drawn: random.Random) -> Family:
        """A family to work on."""
        hot = drawn.random() < HOT_SHARE
        families = self._hot if hot else self._active
        place = drawn.randrange(len(families))
        family = families[place]
        family.uses_left -= 1
        if family.uses_left <= 0:
            families[place] = self._new(hot=hot)
        return family

    def addresses(self, family: Family, drawn: random.Random) -> tuple[str, str]:
        """An email address and a mobile number, mostly of the family."""
        emails, mobiles = (
            drawn.choice(self._active) if drawn.random() < NEIGHBOURS else family,
            drawn.choice(self._active) if drawn.random() < NEIGHBOURS else family,
        )
        return drawn.choice(emails.emails), drawn.choice(mobiles.mobiles)

    def _new(self, *, hot: bool) -> Family:
        number = next(self._numbers)
        emails, mobiles = (HOT_SIZE if hot else self._drawn.randint(*SIZES) for _ in range(2))
        family = Family(
            [f"p{place}@f{number}.example.com" for place in range(emails)],
            [f"+1415{2_000_000 + 10 * number + place}" for place in range(mobiles)],
            HOT_USES if hot else USES,
        )
        if self._drawn.random() < ROLES:
            family.emails[0] = f"info@f{number}.example.com"
        return family


def spelled(address: str, drawn: random.Random) -> str:
    """The address as people write it: all ways of writing must end in one channel."""
    if "@" in address:
        return address.upper() if drawn.random() < 0.2 else address
    area, exchange, line = address[2:5], address[5:8], address[8:]
    return f"({area}) {exchange}-{line}" if drawn.random() < 0.2 else address
