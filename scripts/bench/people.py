"""Made-up contacts and what happened to them: the same from every run, for both databases.

Rows are tuples in the order of their table's columns, with values as SQLite stores them: ids as 16 bytes, times and
JSON as text, booleans as 0 and 1.
"""

import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app.channels.rules import Address, time_zones, words_of, words_of_names
from app.db import table
from app.kinds import ChannelKind, EngagementKind
from app.tables import (
    Channel,
    ChannelTag,
    ChannelWord,
    ConsentStatus,
    Deliverability,
    Engagement,
    Fact,
    FactChannel,
    FieldPatch,
    IntakeMethod,
    Link,
    LinkTrust,
)

ENGAGEMENTS_EACH = 20  # on average: half of the profiles have at most 7, the busiest some 3,500
BORN_FROM, BORN_UNTIL = datetime(2024, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)
ENGAGED_FROM, ENGAGED_UNTIL = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)
GIVEN = ("Ada", "Alan", "Grace", "Edsger", "Barbara", "Donald", "Frances", "Tony", "Radia", "Ken", "Margaret", "John",
         "Zoë", "Jürgen", "Søren", "Inés")  # fmt: skip
FAMILY = ("Lovelace", "Turing", "Hopper", "Dijkstra", "Liskov", "Knuth", "Allen", "Hoare", "Perlman", "Thompson",
          "Hamilton", "Backus", "Müller", "Ng")  # fmt: skip
COMPANIES = ("Analytical Engines", "Relay & Sons", "Hut Eight", "Bletchley Ltd")
TAGS = ("shop", "texts", "vip", "newsletter", "summer", "winter", "b2b", "returns")
AREA_CODES = (212, 312, 415, 617, 702, 713, 786, 818, 917, 949)  # those that writes are measured with are others
KINDS = {
    EngagementKind.SEND: 34,
    EngagementKind.DELIVERY: 32,
    EngagementKind.OPEN: 18,
    EngagementKind.CLICK: 7,
    EngagementKind.SITE_VISIT: 5,
    EngagementKind.CONVERSION: 2,
    EngagementKind.RESPONSE: 1,
    EngagementKind.CUSTOM: 1,
}
Row = tuple[Any, ...]


@dataclass(slots=True)
class Contacts:
    """Everything about the contacts of an account but their engagements and their profile rows."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    channel_ids: list[bytes] = field(default_factory=list)
    profile_ids: list[bytes] = field(default_factory=list)

    def add(self, of: Any, **values: Any) -> None:
        """A row of that table."""
        into = table(of)
        self.rows.setdefault(into.name, []).append(tuple(values[column.key] for column in into.columns))


def new_id(at: datetime, chance: random.Random) -> bytes:
    """A UUID version 7."""
    number = (int(at.timestamp() * 1000) << 80) | (0x7 << 76) | (chance.getrandbits(12) << 64)
    return (number | (0x2 << 62) | chance.getrandbits(62)).to_bytes(16, "big")


def printed(at: datetime) -> str:
    """A time as it is stored on SQLite."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def dumped(value: Any) -> str:
    """A JSON value as it is stored on SQLite."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def contacts(count: int, *, account_id: int) -> Contacts:
    """So many people: 70 % have an email address and a number, 15 % only the one, 15 % only the other."""
    chance, made = random.Random(account_id), Contacts()
    step = (BORN_UNTIL - BORN_FROM) / count
    for number in range(count):
        born = BORN_FROM + number * step
        _add_person(made, number, born.replace(microsecond=born.microsecond // 1000 * 1000), account_id, chance)
    return made


def _add_person(made: Contacts, number: int, born: datetime, account_id: int, chance: random.Random) -> None:
    fields = {"first_name": chance.choice(GIVEN), "last_name": chance.choice(FAMILY)}
    email = Address(
        ChannelKind.EMAIL,
        f"{fields['first_name']}.{fields['last_name']}.{number}@mail{number % 400}.example.com".lower(),
    )
    mobile = Address(ChannelKind.SMS, f"+1{AREA_CODES[number % 10]}{chance.choice(range(222, 311))}{number // 10:04d}")
    share = number % 20
    addresses = [email, mobile] if share < 14 else [email] if share < 17 else [mobile]
    later = (
        born + timedelta(days=chance.randrange(1, 20)) if share < 3 else born
    )  # known before the other was submitted
    ids = sorted(new_id(at, chance) for at in (born, later)[: len(addresses)])
    homes = [new_id(at, chance) for at in (born, later)]
    chance.shuffle(addresses)
    for place, (id, address) in enumerate(zip(ids, addresses, strict=True)):
        at = (born, later)[place]
        add_channel(made, id, homes[place], homes[0], address, at, account_id)
    link_id = _add_link(made, ids, later, account_id, chance) if len(ids) == 2 else None
    add_data(made, ids[0], fields, born, account_id, chance)
    add_fact(made, ids, link_id, later, account_id, chance)
    made.channel_ids += ids
    made.profile_ids.append(homes[0])


def add_channel(
    made: Contacts, id: bytes, home_id: bytes, profile_id: bytes, address: Address, at: datetime, account_id: int
) -> None:
    """A channel and the words of its address."""
    made.add(
        Channel,
        account_id=account_id,
        id=id,
        home_id=home_id,
        profile_id=profile_id,
        kind=str(address.kind),
        address=address.text,
        created_at=printed(at),
        updated_at=printed(at),
        method=str(IntakeMethod.API),
        detail=None,
        gdpr_applies=0,
        restricted_at=None,
        primary_since=None,
        verified_at=None,
        deliverability=str(Deliverability.ACTIVE),
        deliverability_since=None,
        deliverability_reason=None,
        consent_status=str(ConsentStatus.NOT_COLLECTED),
        consent_at=None,
        consent_record_id=None,
        consent_count=0,
        consent_head=None,
        time_zones=time_zones(address),
        suppressed_at=None,
    )
    for word in words_of(address):
        made.add(ChannelWord, account_id=account_id, word=word, channel_id=id)


def _add_link(made: Contacts, ids: Sequence[bytes], at: datetime, account_id: int, chance: random.Random) -> bytes:
    id = new_id(at, chance)
    made.add(
        Link,
        account_id=account_id,
        id=id,
        first_channel_id=ids[0],
        second_channel_id=ids[1],
        at=printed(at),
        method=str(IntakeMethod.API),
        detail=None,
        actor="Filling",
        trust=str(LinkTrust.TRUSTED),
        retracted_at=None,
    )
    return id


def add_fact(
    made: Contacts, ids: Sequence[bytes], link_id: bytes | None, at: datetime, account_id: int, chance: random.Random
) -> None:
    """That the contact was added, and the channels that this is about."""
    data: dict[str, Any] = {"channels": [f"channel_{id.hex()}" for id in ids], "outcome": "CREATED"}
    if link_id:
        data["link"] = f"link_{link_id.hex()}"
    id = new_id(at, chance)
    made.add(Fact, account_id=account_id, id=id, at=printed(at), name="contact_added", actor="Filling",
             data=dumped(data))  # fmt: skip
    for channel_id in ids:
        made.add(FactChannel, account_id=account_id, id=id, channel_id=channel_id, at=printed(at))


def add_data(
    made: Contacts, channel_id: bytes, names: dict[str, str], born: datetime, account_id: int, chance: random.Random
) -> None:
    """Fields of the channel in one patch or two, and some tags."""
    patches: list[dict[str, Any]] = [{**names, "company": chance.choice(COMPANIES)}]
    if chance.random() < 0.1:
        patches.append({"plan": chance.choice(["free", "paid"]), "seats": chance.randrange(1, 50)})
    for days, fields in enumerate(patches):
        at = born + timedelta(days=days)
        made.add(FieldPatch, account_id=account_id, id=new_id(at, chance), channel_id=channel_id, at=printed(at),
                 method=str(IntakeMethod.API), detail=None, fields=dumped(fields))  # fmt: skip
    for word in words_of_names(names):
        made.add(ChannelWord, account_id=account_id, word=word, channel_id=channel_id)
    for tag in chance.sample(TAGS, k=chance.choice((0, 0, 1, 2, 3))):
        made.add(ChannelTag, account_id=account_id, channel_id=channel_id, tag=tag, at=printed(born))


def engagements(channel_ids: Sequence[bytes], count: int, *, account_id: int, seed: int = 1) -> Iterator[Row]:
    """So many engagements in the order of time, on channels of which few are busy and most are not."""
    assert [c.key for c in table(Engagement).columns][:4] == ["account_id", "id", "channel_id", "kind"]
    chance = random.Random(account_id + seed)
    shuffled = [*channel_ids]
    chance.shuffle(shuffled)
    weights = list(itertools.accumulate((rank + 50) ** -0.9 for rank in range(len(shuffled))))
    kinds, kind_weights = [str(kind) for kind in KINDS], list(itertools.accumulate(KINDS.values()))
    step = int((ENGAGED_UNTIL - ENGAGED_FROM).total_seconds() * 1_000_000) // count
    at, day, day_began, date = int(ENGAGED_FROM.timestamp()) * 1_000_000, -1, 0, ""
    for size in _chunks(count, 10_000):
        channels = chance.choices(shuffled, cum_weights=weights, k=size)
        for channel_id, kind in zip(channels, chance.choices(kinds, cum_weights=kind_weights, k=size), strict=True):
            at += step
            if at // 86_400_000_000 != day:
                day = at // 86_400_000_000
                day_began, date = day * 86_400_000_000, f"{datetime.fromtimestamp(day * 86_400, UTC):%Y-%m-%d}"
            seconds, micro = divmod(at - day_began, 1_000_000)
            time = f"{date}T{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}.{micro:06}Z"
            id = at // 1000 << 80 | 0x7 << 76 | chance.getrandbits(12) << 64 | 0x2 << 62 | chance.getrandbits(62)
            yield (account_id, id.to_bytes(16, "big"), channel_id, kind, time, time, None,
                   "signed_in" if kind == "CUSTOM" else None,
                   f"https://shop.example.com/item/{micro % 997}" if kind in ("CLICK", "SITE_VISIT") else None,
                   "Yes please" if kind == "RESPONSE" else None, seconds / 8 if kind == "CONVERSION" else None, None,
                   "{}")  # fmt: skip


def _chunks(count: int, size: int) -> Iterator[int]:
    for begin in range(0, count, size):
        yield min(size, count - begin)
