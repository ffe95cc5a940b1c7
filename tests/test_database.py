"""The two databases: turns, retries, refusals, and confinement to one account."""

import asyncio
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app import acts, migrations
from app.accounts import operations
from app.acts import now, uuid7
from app.db import Again, Database, Insertion, Writer, entity, open_database, selecting
from app.errors import Overloaded
from app.events.operations import publish
from app.tables import Fact, IntakeMethod

_fact = entity(Fact)
COUNT = selecting(lambda count: count, select(func.count()).select_from(_fact))


async def fact(writer: Writer, *, name: str = "tested") -> None:
    act = acts.Act(acts.now(), "tests", IntakeMethod.API, b"")
    publish(writer, name=name, data={}, channel_ids=[], act=act)


async def facts(database: Database, account_id: int) -> int:
    async with database.reading(account_id) as reader:
        [count] = await reader.fetch(COUNT)
    return int(count)


@pytest.fixture
async def account_id(database: Database) -> int:
    make = partial(operations.create, name="Writes", region="US", time_zone="UTC", now=acts.now())
    return (await database.write(0, make)).account_id


async def test_many_changes_at_once_are_all_kept(database: Database, account_id: int) -> None:
    await asyncio.gather(*(database.write(account_id, fact) for _ in range(100)))
    assert await facts(database, account_id) == 100


async def test_a_change_that_fails_takes_back_only_its_own(database: Database, account_id: int) -> None:
    async def fails(writer: Writer) -> None:
        await fact(writer)
        raise ValueError("on purpose")

    results = await asyncio.gather(
        *(database.write(account_id, fails if number % 3 == 0 else fact) for number in range(30)),
        return_exceptions=True,
    )
    assert sum(isinstance(result, ValueError) for result in results) == 10
    assert await facts(database, account_id) == 20


async def test_statements_see_only_the_account_of_their_connection(database: Database, account_id: int) -> None:
    await database.write(account_id, fact)
    assert await facts(database, account_id) == 1
    assert await facts(database, account_id + 1_000_000) == 0


async def test_readers_cannot_write_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    await migrations.upgrade(url)
    database = await open_database(url)
    async with database.reading(1) as reader:
        with pytest.raises(Exception, match="readonly"):
            await reader.text("DELETE FROM fact", [])
    await database.close()


async def test_too_many_waiting_changes_are_refused_and_the_others_done(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'tandem.db'}"
    await migrations.upgrade(url)
    database = await open_database(url, max_waiting=5)
    results = await asyncio.gather(*(database.write(1, fact) for _ in range(50)), return_exceptions=True)
    refused = sum(isinstance(result, Overloaded) for result in results)
    assert 0 < refused < 50
    assert await facts(database, 1) == 50 - refused
    await database.close()


async def test_work_that_was_overtaken_starts_over(database: Database, account_id: int) -> None:
    if database.dialect == "sqlite":
        return  # one writer: nobody overtakes
    tries = 0

    async def overtaken(writer: Writer) -> int:
        nonlocal tries
        tries += 1
        await fact(writer)
        if tries < 3:
            raise Again
        return tries

    assert await database.write(account_id, overtaken) == 3
    assert await facts(database, account_id) == 1


def test_text_of_statements_is_compiled_once() -> None:
    assert COUNT.text("sqlite") is COUNT.text("sqlite")
    assert "account_id = ?" in COUNT.text("sqlite").sql


INTO_FACTS = Insertion(Fact)
_fact = entity(Fact)
FACTS = selecting(
    lambda *columns: dict(zip(("id", "at", "name", "actor", "data"), columns, strict=True)),
    select(_fact.id, _fact.at, _fact.name, _fact.actor, _fact.data),
)
ODD = ["", "'", '"', "\\u0041", "a\nb\tc\x7f", "null", "1", "true", "é\u0301", "\U0001f600", "[1, 2]", "{}", "x" * 5000]


async def test_many_rows_at_once_are_what_they_are_one_by_one(database: Database, account_id: int) -> None:
    rows = [
        {"id": uuid7(now(), place), "at": now(), "name": text, "actor": text, "data": {text: [text, place, None, 0.1]}}
        for place, text in enumerate(ODD)
    ]
    assert INTO_FACTS.packing.takes(rows)

    async def at_once(writer: Writer) -> None:
        for row in rows:
            writer.insert(INTO_FACTS, **row)

    await database.write(account_id, at_once)
    async with database.reading(account_id) as reader:
        found = {row["id"]: row for row in await reader.fetch(FACTS)}
    assert found == {row["id"]: row for row in rows}
