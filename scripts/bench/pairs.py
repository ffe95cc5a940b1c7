"""Pairs of people known apart, who are one: an email address on one profile, a mobile number on another."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from app.channels.rules import Address
from app.kinds import ChannelKind
from bench.filling import Made
from bench.people import (
    AREA_CODES,
    BORN_FROM,
    BORN_UNTIL,
    FAMILY,
    GIVEN,
    Contacts,
    add_channel,
    add_data,
    add_fact,
    engagements,
    new_id,
)

MOST = 100_000  # as many numbers as there are
NEW_AREA_CODES = (205, 214, 303, 305, 404, 408, 503, 512, 602, 614)
LATER = timedelta(days=40)


@dataclass(slots=True)
class Pairs:
    """The rows of an account's pairs, and the addresses of each pair, with a number that nobody has yet."""

    account_id: int
    people: Contacts = field(default_factory=Contacts)
    addresses: list[tuple[str, str, str]] = field(default_factory=list)

    def keep(self, path: Path) -> None:
        """Writes the addresses down, a line for each pair."""
        path.write_text("".join("\t".join(each) + "\n" for each in self.addresses))

    def profile_ids(self, number: int) -> tuple[str, str]:
        """The two profiles of a pair, as clients see them; numbers below 0 count from the end."""
        ids = self.people.profile_ids[2 * number :][:2]
        return f"profile_{ids[0].hex()}", f"profile_{ids[1].hex()}"

    def made(self, busy: Sequence[int] = ()) -> Made:
        """What is loaded; both channels of the last pairs have so many engagements each."""
        ids = self.people.channel_ids[-2 * len(busy) :]
        counts = [count for count in busy for _ in range(2)]
        each = (
            engagements([id], count, account_id=self.account_id, seed=seed)
            for seed, (id, count) in enumerate(zip(ids, counts, strict=False))
            if counts
        )
        return Made(self.account_id, self.people, sum(counts), itertools.chain.from_iterable(each))


def made_up(count: int, *, account_id: int) -> Pairs:
    """So many pairs; in every second one the mobile number is the older."""
    chance, found = random.Random(account_id), Pairs(account_id)
    step = (BORN_UNTIL - BORN_FROM - LATER) / count
    names = list(itertools.product(filter(str.isascii, GIVEN), filter(str.isascii, FAMILY)))
    for number in range(count):
        first, last = chance.choice(names)
        line = f"{chance.randrange(222, 311)}{number // 10:04d}"
        mobile, new = (f"+1{codes[number % 10]}{line}" for codes in (AREA_CODES, NEW_AREA_CODES))
        email = f"{first}.{last}.{number}@mail{number % 400}.example.com".lower()
        found.addresses.append((mobile, email, new))
        born = BORN_FROM + number * step
        born = born.replace(microsecond=born.microsecond // 1000 * 1000)
        both = [Address(ChannelKind.EMAIL, email), Address(ChannelKind.SMS, mobile)]
        for address, at in zip(both if number % 2 else both[::-1], _times(born, chance), strict=True):
            _add_known(found, address, {"first_name": first, "last_name": last}, at, chance)
    return found


def _times(born: datetime, chance: random.Random) -> Iterator[datetime]:
    yield born
    yield born + timedelta(days=chance.randrange(1, LATER.days))


def _add_known(made: Pairs, address: Address, names: dict[str, str], at: datetime, chance: random.Random) -> None:
    """A profile with one channel, and what came with it."""
    id, home_id = new_id(at, chance), new_id(at, chance)
    people, account_id = made.people, made.account_id
    add_channel(people, id, home_id, home_id, address, at, account_id)
    add_data(people, id, names, at, account_id, chance)
    add_fact(people, [id], None, at, account_id, chance)
    people.channel_ids.append(id)
    people.profile_ids.append(home_id)
