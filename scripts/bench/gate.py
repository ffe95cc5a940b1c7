"""Measures the send gate over a million channels, beside a bare count over the same rows."""

import asyncio
import sqlite3
import statistics
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import asyncpg
import typer

from app import migrations
from app.accounts import operations as accounts
from app.accounts.rules import QuietHours
from app.acts import Act, now
from app.consent.operations import topics
from app.consent.queries import gate
from app.db import Database, open_database
from app.tables import IntakeMethod, MessagePurpose
from bench.progress import progress
from bench.reads import Only
from bench.stores import STORES, SQLiteStore, Store

RESULTS = Path(__file__).parent / "results" / "gate.md"
NIGHT_IN_AMERICA = datetime(2026, 3, 3, 5, tzinfo=UTC)
ZONES = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "Europe/London"]
#: A channel of each number from 1: three in ten are email, the rest numbers; few are held, restricted or suppressed.
ID = {"sqlite": "CAST(printf('%016d', i) AS BLOB)", "postgresql": "lpad(to_hex(i), 32, '0')::uuid"}
TIME = "'2026-01-01T00:00:00.000000Z'"
PROFILES = """
INSERT INTO profile (account_id, id, created_at, updated_at, method, display_name, custom_fields, tags, gdpr_applies,
  restricted_at)
SELECT 1, {id}, {time}, {time}, 'API', 'Somebody', '{{}}', '[]', {false},
  CASE WHEN i % 1000 = 0 THEN {time} END FROM numbers
"""
CHANNELS = """
INSERT INTO channel (account_id, id, home_id, profile_id, kind, address, created_at, updated_at, method, gdpr_applies,
  deliverability, consent_status, consent_count, time_zones, suppressed_at)
SELECT 1, {id}, {id}, {id}, CASE WHEN i % 10 < 3 THEN 'EMAIL' ELSE 'SMS' END, 'address ' || i, {time}, {time}, 'API',
  {false},
  CASE WHEN i % 50 = 1 THEN 'HELD' WHEN i % 50 = 2 THEN 'EXPIRED' WHEN i % 200 = 3 THEN 'BANNED' ELSE 'ACTIVE' END,
  CASE i % 8 WHEN 0 THEN 'NOT_COLLECTED' WHEN 1 THEN 'PENDING' WHEN 2 THEN 'OPTED_OUT' ELSE 'OPTED_IN' END, 0,
  CASE WHEN i % 10 >= 3 THEN CASE i % 7 {zones} END END,
  CASE WHEN i % 1000 = 7 THEN {time} END FROM numbers
"""
TOPICS = """
INSERT INTO channel_topic (account_id, channel_id, topic_id, status, at, record_id)
SELECT 1, {id}, topic.id, 'OPTED_OUT', {time}, {id} FROM numbers, topic WHERE i % 20 = 0
"""
BARE = "SELECT count(*), count(*) FILTER (WHERE consent_status = 'OPTED_IN' AND deliverability = 'ACTIVE') FROM channel"


def main(
    channels: Annotated[int, typer.Option(min=1000, help="How many.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is repeated; the median counts.")] = 5,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Fills SQLite and PostgreSQL with channels in every state, and counts who may be sent something, and why not."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                lines += asyncio.run(measured(store, channels, rounds))
            finally:
                store.stop()
    head = [
        "| Database | Counting | Seconds | Bare count | Ratio | Allowed |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    text = "\n".join([f"{channels:,} channels, medians of {rounds} rounds.", "", *head, *lines, ""])
    out.write_text(text)
    print(text)


async def measured(store: Store, channels: int, rounds: int) -> list[str]:
    """A line of the table for each question."""
    await migrations.upgrade(store.url)
    database = await open_database(store.url, max_connections=2)
    try:
        await _account(database)
        progress(f"Filling {store.title} with {channels:,} channels")
        await (_fill_sqlite if isinstance(store, SQLiteStore) else _fill_postgresql)(store, channels)
        return [
            await _line(store, database, "marketing", rounds, counting={"purpose": MessagePurpose.MARKETING}),
            await _line(store, database, "marketing, of a topic", rounds, counting=OF_TOPIC),
            await _line(store, database, "transactional", rounds, counting={"purpose": MessagePurpose.TRANSACTIONAL}),
        ]
    finally:
        await database.close()


OF_TOPIC: dict[str, Any] = {"purpose": MessagePurpose.MARKETING, "with_topic": True}


async def _account(database: Database) -> None:
    make = partial(accounts.create, name="Measured", region="US", time_zone="America/New_York", now=now())
    account = await database.write(0, make)
    act = Act(now(), "Measuring", IntakeMethod.API, b"")
    await database.write(account.account_id, partial(topics.create, key="offers", name="Offers", act=act))


async def _line(store: Store, database: Database, what: str, rounds: int, *, counting: dict[str, Any]) -> str:
    statement = gate.counting(**counting)
    values = gate.quiet_values(NIGHT_IN_AMERICA, QuietHours(time_zone="America/New_York"))
    if "with_topic" in counting:
        values["topic"] = "offers"

    async def ask() -> dict[str, int]:
        async with database.reading(1) as reader:
            return (await reader.fetch(statement, **values))[0]

    counts, seconds = await _timed(ask, rounds)
    _, bare = await _timed(partial(_bare, store.url), rounds)
    ratio = f"{seconds / bare:.1f}"
    return f"| {store.title} | {what} | {seconds:.2f} | {bare:.2f} | {ratio} | {counts['allowed']:,} |"


async def _timed(ask: Callable[[], Awaitable[Any]], rounds: int) -> tuple[Any, float]:
    found = []
    for _ in range(rounds + 1):  # the first one warms up
        began = perf_counter()
        answer = await ask()
        found.append(perf_counter() - began)
    return answer, statistics.median(found[1:])


async def _bare(url: str) -> Any:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
            connection.execute("PRAGMA cache_size = -65536")
            return connection.execute(BARE).fetchone()
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetchrow(BARE)
    finally:
        await connection.close()


def _filling(dialect: str) -> list[str]:
    zones = " ".join(f"WHEN {place} THEN '{zone}'" for place, zone in enumerate(ZONES))
    time, false = (TIME, "0") if dialect == "sqlite" else (f"{TIME}::timestamptz", "false")
    parts = {"id": ID[dialect], "time": time, "false": false, "zones": zones}
    return [statement.format(**parts) for statement in (PROFILES, CHANNELS, TOPICS)]


async def _fill_sqlite(store: Store, channels: int) -> None:
    numbers = f"WITH numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {channels})"
    with closing(sqlite3.connect(store.url.removeprefix("sqlite:///"))) as connection, connection:
        for statement in _filling("sqlite"):
            connection.execute(f"{numbers} {statement}")


async def _fill_postgresql(store: Store, channels: int) -> None:
    connection = await asyncpg.connect(store.url)
    try:
        await connection.execute("SET session_replication_role = replica")
        for statement in _filling("postgresql"):
            await connection.execute(
                statement.replace("FROM numbers", f"FROM generate_series(1, {channels}) AS numbers(i)")
            )
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


if __name__ == "__main__":
    typer.run(main)
