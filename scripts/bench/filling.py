"""Filling a database in bulk, consistent with the product's own model: its own statement writes the profile rows."""

import itertools
import random
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import select

from app import migrations
from app.accounts import operations as accounts
from app.accounts.rules import Scope
from app.acts import now
from app.db import Database, Reader, entity, open_database, selecting, table
from app.db.expressions import one_of
from app.profiles import operations as profiles
from app.profiles.queries.derived import derived
from app.tables import Engagement, Profile
from bench.people import ENGAGEMENTS_EACH, Contacts, Row, contacts, engagements
from bench.progress import progress
from bench.stores import Known, SQLiteStore, Store

SLICE = {"sqlite": 500, "postgresql": 20}  # profiles written in one statement, where it is quickest
SAMPLE = 200
ACTOR = "Measuring"
IDS_KEPT = 20_000
BUSIEST = """
SELECT {hex} FROM channel WHERE account_id = 1 AND id IN (
  SELECT channel_id FROM engagement WHERE account_id = 1 GROUP BY channel_id ORDER BY count(*) DESC LIMIT 3
)"""


class Made(NamedTuple):
    """An account's contacts, and so many engagements."""

    account_id: int
    people: Contacts
    size: int
    engagements: Iterable[Row]


async def fill(store: Store, *, count: int, path: Path) -> Known:
    """Migrates the database, fills it, checks a sample, and keeps in a file what was made."""
    keys = await accounts_in(store)
    sizes = dict(zip(keys, (count, min(200, count)), strict=True))
    made = [_made(id, size) for id, size in sizes.items()]
    busiest = await load(store, made)
    sample = [id.hex() for id in random.Random(0).sample(made[0].people.profile_ids, min(IDS_KEPT, count))]
    drawn, often = ([f"profile_{id}" for id in each] for each in (sample, busiest))
    key, *_ = keys.values()
    kept = Known(key, profiles=count, engagements=count * ENGAGEMENTS_EACH, ids=drawn, busiest=often)
    kept.keep(path)
    return kept


def _made(account_id: int, size: int) -> Made:
    people, count = contacts(size, account_id=account_id), size * ENGAGEMENTS_EACH
    return Made(account_id, people, count, engagements(people.channel_ids, count, account_id=account_id))


async def load(store: Store, made: Sequence[Made]) -> list[str]:
    """Loads accounts that are empty yet and checks a sample; the three busiest profiles of the first."""
    return await (_load_sqlite if isinstance(store, SQLiteStore) else _load_postgresql)(store, made, monotonic())


def _say(store: Store, what: str, began: float) -> None:
    progress(f"Filling {store.title}, {monotonic() - began:.0f} s: {what}")


async def accounts_in(store: Store) -> dict[int, str]:
    """Migrates the database and makes two accounts; a key of each."""
    await migrations.upgrade(store.url)
    database = await open_database(store.url, max_connections=2)
    try:
        return dict([await _account(database, name) for name in ("Measured", "Small")])
    finally:
        await database.close()


async def _account(database: Database, name: str) -> tuple[int, str]:
    make = partial(accounts.create, name=name, region="US", time_zone="UTC", now=now())
    id = (await database.write(0, make)).account_id
    key = partial(accounts.create_key, name=ACTOR, scopes=[Scope.READ, Scope.WRITE], now=now())
    return id, await database.write(id, key)


def _told(rows: Iterable[Row], count: int, tell: Callable[[str], None]) -> Iterator[Row]:
    for number, row in enumerate(rows):
        if number % 250_000 == 0:
            tell(f"{number:,} of {count:,} engagements")
        yield row


# ---- SQLite


async def _load_sqlite(store: Store, made: Sequence[Made], began: float) -> list[str]:
    tell = partial(_say, store, began=began)
    connection = sqlite3.connect(store.url.removeprefix("sqlite:///"), isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -500000"):
        connection.execute(f"PRAGMA {pragma}")
    index = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'engagement_channel'").fetchone()[0]
    connection.execute("DROP INDEX engagement_channel")
    connection.execute("BEGIN")
    for each in made:
        for name, rows in each.people.rows.items():
            connection.executemany(_insert(name, len(rows[0])), rows)
        connection.executemany(_insert("engagement", 13), _told(each.engagements, each.size, tell))
    connection.execute("COMMIT")
    tell("indexing")
    connection.execute(index)
    await _write_profiles(store, made, tell)
    tell("analysing")
    connection.execute("ANALYZE")
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    assert not broken, broken[:3]
    busiest = [row[0] for row in connection.execute(BUSIEST.format(hex="lower(hex(profile_id))"))]
    connection.close()
    return busiest


def _insert(name: str, columns: int) -> str:
    return f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})"


# ---- PostgreSQL


async def _load_postgresql(store: Store, made: Sequence[Made], began: float) -> list[str]:
    tell = partial(_say, store, began=began)
    connection = await asyncpg.connect(store.url)
    await connection.execute("SET session_replication_role = replica; SET maintenance_work_mem = '1GB'")
    index = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'engagement_channel'")
    await connection.execute("DROP INDEX engagement_channel")
    for each in made:
        for name, rows in each.people.rows.items():
            await _copy(connection, name, rows)
        await _copy(connection, table(Engagement).name, _told(each.engagements, each.size, tell))
    tell("indexing")
    await connection.execute(index)
    await connection.execute("ANALYZE")
    await _write_profiles(store, made, tell)
    tell("analysing")
    await connection.execute("VACUUM ANALYZE")
    await connection.execute("CHECKPOINT")
    busiest = await connection.fetch(BUSIEST.format(hex="encode(uuid_send(profile_id), 'hex')"))
    await connection.close()
    return [row[0] for row in busiest]


async def _copy(connection: Any, name: str, rows: Iterable[Row]) -> None:
    columns = await connection.fetch(
        "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 ORDER BY attnum", name
    )
    await connection.copy_to_table(name, source=_lines(iter(rows)), columns=[column[0] for column in columns])


async def _lines(rows: Iterator[Row]) -> AsyncIterator[bytes]:
    while chunk := list(itertools.islice(rows, 5000)):
        yield "".join(["\t".join(map(_copied, row)) + "\n" for row in chunk]).encode()


def _copied(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return value.hex()
    return re.sub(r"[\\\t\n]", r"\\\g<0>", value) if isinstance(value, str) and "\\" in value else str(value)


# ---- profiles


async def _write_profiles(store: Store, made: Sequence[Made], tell: Callable[[str], None]) -> None:
    """Has the product itself work out what the profile rows are, and reads some of them back."""
    database = await open_database(store.url, max_connections=2)
    try:
        for account_id, people, *_ in made:
            ids = [UUID(bytes=id) for id in people.profile_ids]
            size = SLICE[store.name]
            for begin in range(0, len(ids), size):
                if begin % 25_000 == 0:
                    tell(f"{begin:,} of {len(ids):,} profiles")
                await database.write(account_id, partial(profiles.maintain, ids=ids[begin : begin + size]))
            sample = random.Random(1).sample(ids, min(SAMPLE, len(ids)))
            await database.write(account_id, partial(_check, ids=sample))
    finally:
        await database.close()


async def check_newest(url: str, *, count: int) -> None:
    """The newest profile rows of the first account, which were written by way of the servers, are as they must be."""
    profile = entity(Profile)
    newest = selecting(lambda id: id, select(profile.id).order_by(profile.created_at.desc()).limit(count))
    database = await open_database(url, max_connections=2)
    try:
        async with database.reading(1) as reader:
            await _check(reader, ids=await reader.fetch(newest))
    finally:
        await database.close()


async def check_profiles(url: str, *, account_id: int, ids: Sequence[bytes]) -> None:
    """These profile rows are there, and as they must be."""
    database = await open_database(url, max_connections=2)
    try:
        async with database.reading(account_id) as reader:
            await _check(reader, ids=[UUID(bytes=id) for id in ids])
    finally:
        await database.close()


async def _check(reader: Reader, *, ids: Sequence[UUID]) -> None:
    """The rows of these profiles are what the product derives from their channels."""
    profile = entity(Profile)
    wanted = derived(lambda channel: one_of(channel.profile_id, "ids"))
    columns = [getattr(profile, name) for name in wanted.selected_columns.keys()]  # noqa: SIM118 -- no mapping
    rows = await reader.fetch(
        selecting(lambda *row: repr(row), select(*columns).where(one_of(profile.id, "ids"))), ids=ids
    )
    derived_rows = await reader.fetch(selecting(lambda *row: repr(row), wanted), ids=ids)
    assert len(rows) == len(ids), f"{len(ids) - len(rows)} of {len(ids)} profiles are missing"
    assert sorted(rows) == sorted(derived_rows), "the profile rows are not what the channels make of them"
