"""What happens to made-up people: each event is a pure function of its number, so that nobody has to remember any."""

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

EMAIL_KINDS = ("SEND", "DELIVERY", "OPEN", "CLICK", "BOUNCE", "BOUNCE", "SITE_VISIT", "CONVERSION")
SMS_KINDS = ("SEND", "DELIVERY", "CLICK", "RESPONSE", "BOUNCE")
BEGAN = datetime(2025, 1, 1, tzinfo=UTC)
SECONDS = 365 * 86400
BOUNCES_TO_HOLD = 3
Key = tuple[str, str]  # an address and a kind


class Event(NamedTuple):
    """Something that happens."""

    address: str
    kind: str
    at: str
    bounce_type: str | None


class Count(NamedTuple):
    """How often, when first and when last."""

    times: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class Happenings:
    """Events of a number of people, each with an email address and a mobile number."""

    seed: int
    people: int

    def addresses(self) -> Iterator[tuple[str, str]]:
        """The addresses of each person."""
        for person in range(self.people):
            yield f"p{person}@example.com", f"+1415{2_000_000 + person:07}"

    def event(self, number: int) -> Event:
        """The event with the number."""
        drawn = random.Random(self.seed * 1_000_003 + number)
        person, by_email = drawn.randrange(self.people), drawn.random() < 0.6
        kind = drawn.choice(EMAIL_KINDS if by_email else SMS_KINDS)
        at = BEGAN + timedelta(seconds=drawn.randrange(SECONDS))
        type = drawn.choice(("HARD", "HARD", "SOFT")) if kind == "BOUNCE" else None
        address = f"p{person}@example.com" if by_email else f"+1415{2_000_000 + person:07}"
        return Event(address, kind, at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), type)

    def input(self, number: int) -> dict[str, Any]:
        """The event with the number as the API takes it."""
        address, kind, at, bounce_type = self.event(number)
        way = "emailAddress" if "@" in address else "mobileNumber"
        told = {"contact": {way: address}, "kind": kind, "externalId": f"event {number}", "occurredAt": at}
        return told | ({"bounceType": bounce_type} if bounce_type else {})

    def expected(self, numbers: Iterable[int]) -> "Expected":
        """What must be there once the events with these numbers have been recorded."""
        return Expected.of(map(self.event, numbers))


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be there: counts, and which channels their bounces hold."""

    counts: dict[Key, Count]
    lengths: Counter[str]
    held: set[str]

    @classmethod
    def of(cls, events: Iterable[Event]) -> "Expected":
        """What these events amount to."""
        times: dict[Key, list[str]] = defaultdict(list)
        hard: dict[str, list[str]] = defaultdict(list)
        for address, kind, at, bounce_type in events:
            times[address, kind].append(at)
            if bounce_type == "HARD":
                hard[address].append(at)
        counts = {key: Count(len(found), min(found), max(found)) for key, found in times.items()}
        lengths = Counter[str]()
        for (address, _), each in counts.items():
            lengths[address] += each.times
        held = set()
        for address, bounces in hard.items():
            delivered = counts.get((address, "DELIVERY"))
            if sum(1 for at in bounces if delivered is None or at > delivered.last) >= BOUNCES_TO_HOLD:
                held.add(address)
        return cls(counts, lengths, held)
