"""Before links are measured: the bare transaction must leave the very rows that Tandem leaves."""

import re
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Reader, entity, open_database, selecting, table
from app.identity.queries.check import differences
from app.tables import Channel, Fact, FactChannel, Link, Merge, MergeChannel, Profile
from bench.pairs import Pairs

TABLES: tuple[Any, ...] = (Channel, Profile, Link, Merge, MergeChannel, FactChannel, Fact)
OF_THE_PERSON = {"address", "display_name", "custom_fields", "tags"}  # proved right by `differences`
HEX = re.compile(r"[0-9a-f]{32}")
Name = tuple[int, str]  # of which pair, and what it is there


async def check(url: str, pairs: Pairs, *, first: int, began: datetime) -> None:
    """Raises AssertionError unless the first so many pairs, merged by Tandem, look as all others, merged by hand."""
    database = await open_database(url, max_connections=2)
    try:
        async with database.reading(pairs.account_id) as reader:
            wrong = await differences(reader)
            assert not wrong, wrong[:3]
            found = await _rows(reader, pairs, began)
    finally:
        await database.close()
    by_tandem = Counter(rows for number, rows in found.items() if number < first)
    by_hand = Counter(rows for number, rows in found.items() if number >= first)
    assert by_tandem == by_hand, _told(by_tandem, by_hand)


def _told(by_tandem: Counter[Any], by_hand: Counter[Any]) -> str:
    one, other = ({row for rows in each for row, _ in rows} for each in (by_tandem, by_hand))
    return "\n".join(["only by Tandem:", *map(str, one - other), "only by hand:", *map(str, other - one)])


async def _rows(reader: Reader, pairs: Pairs, began: datetime) -> dict[int, frozenset[tuple[str, int]]]:
    """Every row about each pair, and how often: ids by what they are to the pair, times as then or now."""
    names = _names(pairs)
    found: dict[int, Counter[str]] = {}
    stored = {of: await _stored(reader, of) for of in TABLES}
    for of in (Link, Merge):
        for row in stored[of]:
            names[row["id"]] = _pair(row, names), of.__name__.lower()
    about = {row["id"]: _pair(row, names) for row in stored[FactChannel]}
    for row in stored[Fact]:
        names[row["id"]] = about[row["id"]], f"fact that {row['name']} {row['data'].get('outcome', '')}"
    for of, rows in stored.items():
        for row in rows:
            shown = {key: _named(value, names, began) for key, value in row.items() if key not in OF_THE_PERSON}
            found.setdefault(_pair(row, names), Counter())[f"{of.__name__} {shown}"] += 1
    return {number: frozenset(rows.items()) for number, rows in found.items()}


def _names(pairs: Pairs) -> dict[UUID, Name]:
    people, roles = pairs.people, ("older", "younger")
    found = {UUID(bytes=id): (n // 2, f"{roles[n % 2]} channel") for n, id in enumerate(people.channel_ids)}
    return found | {UUID(bytes=id): (n // 2, f"{roles[n % 2]} profile") for n, id in enumerate(people.profile_ids)}


async def _stored(reader: Reader, of: Any) -> list[dict[str, Any]]:
    row, keys = entity(of), [column.key for column in table(of).columns]
    columns = [getattr(row, key) for key in keys]
    return await reader.fetch(selecting(lambda *values: dict(zip(keys, values, strict=True)), select(*columns)))


def _pair(row: Mapping[str, Any], names: Mapping[UUID, Name]) -> int:
    """The pair that a row is about: that of the first id that has a name."""
    return next(names[value][0] for value in row.values() if isinstance(value, UUID) and value in names)


def _named(value: Any, names: Mapping[UUID, Name], began: datetime) -> Any:
    """The value, the same for every pair."""
    if isinstance(value, UUID):
        return names[value][1]
    if isinstance(value, datetime):
        return "now" if value >= began else "then"
    if isinstance(value, dict):
        return HEX.sub(lambda digits: names[UUID(hex=digits[0])][1], str(value))
    return value
