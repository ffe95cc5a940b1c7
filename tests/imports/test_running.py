"""Files are read a little at a time, and imports that are interrupted, silent or crowded go on where they were."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Integer, LargeBinary, delete, update

from app import acts
from app.accounts.rules import Guards
from app.db import Database, changing, param, table
from app.db.types import Id
from app.imports.jobs import Importing, Running, batches
from app.imports.jobs import running as jobs
from app.imports.jobs.storing import Storing
from app.imports.operations import running
from app.imports.operations.running import Batch, Lost, Run
from app.imports.queries import running as queries
from app.imports.queries.running import Due
from app.imports.rules.forms import form_of
from app.imports.rules.options import Options
from app.imports.rules.reading import Reading
from app.tables import Import, ImportChunk, ImportStatus
from tests.client import Client
from tests.imports.importing import ASKED, ENDED, Importer, act
from tests.links import SECRET

_import, _chunk = table(Import), table(ImportChunk)
_PIECE = _chunk.c.import_id == param("import_id", Id()), _chunk.c.number == param("piece", Integer())
FORGET = changing(delete(_chunk).where(*_PIECE))
CUT = changing(update(_chunk).where(*_PIECE).values(content=param("rest", LargeBinary())))
TRIED = changing(
    update(_import).where(_import.c.id == param("import_id", Id())).values(tries=param("so_often", Integer()))
)
AN_HOUR = timedelta(hours=1)
PEOPLE = b"".join(b"person.%d@example.com\n" % number for number in range(10))


@pytest.fixture
def importer(client: Client, database: Database) -> Importer:
    return Importer(client, database)


async def stored(importer: Importer, content: bytes, *, due: datetime) -> UUID:
    """An import whose file has come, which is due then; from then on the server's worker may take it up."""
    id = await importer.created()
    storing = Storing(importer.database, importer.account_id, id, now=lambda: due, most=None)
    await storing.begin()
    await storing.take(content)
    await storing.end()
    return id


async def claimed(importer: Importer, content: bytes) -> Run:
    """A new import in our hands, begun, before anybody else can take it up."""
    id = await stored(importer, content, due=acts.now() + AN_HOUR)
    claim = partial(running.claim, import_id=id, mine=acts.uuid7(acts.now()), guards=Guards())
    run = await importer.database.write(importer.account_id, partial(claim, now=acts.now() + AN_HOUR))
    assert run
    begun: Run = await importer.database.write(
        importer.account_id, partial(running.begin, run=run, form=form_of(content[: 1024 * 1024]))
    )
    return begun


def read(importer: Importer, run: Run) -> AsyncIterator[Batch]:
    """The batches of its file."""
    first = form_of(b"Email\n")
    reading = Reading(first, Options("US", "UTC"), Guards(), acts.now())
    return batches.batches(importer.database, importer.account_id, run, reading)


def work(importer: Importer, stop: asyncio.Event | None = None) -> Running:
    return Running(importer.database, SECRET.encode(), acts.now, stop or asyncio.Event())


# ---- reading


async def test_a_batch_ends_after_some_text_and_keeps_the_beginning_of_rows_only(importer: Importer) -> None:
    run = await claimed(importer, b"Email\n" + (b"x" * 150_000 + b"\n") * 5)
    found = [batch async for batch in read(importer, run)]
    assert [len(batch.rows) for batch in found] == [2, 2, 1]
    assert {len(row.raw) for batch in found for row in batch.rows} == {20_000}
    assert [batch.began for batch in found[1:]] == [batch.end for batch in found[:-1]]


async def test_a_stretch_without_rows_is_told_of_on_the_way(importer: Importer) -> None:
    blank = (b" " * 50_000 + b"\n") * 190
    run = await claimed(importer, b"Email\n" + blank + b"a@example.com\n")
    *empty, last = [batch async for batch in read(importer, run)]
    assert len(empty) >= 2
    assert not any(batch.rows for batch in empty)
    assert all(batch.end > batch.began for batch in empty)
    assert [row.number for row in last.rows] == [1]
    for batch in empty:
        take = partial(running.advance, run=run, batch=batch, done=running.Done(), act=act())
        await importer.database.write(importer.account_id, take)
    assert (await importer.report(run.of.id)).counts == {}


async def test_the_largest_rows_let_others_have_their_turn(importer: Importer) -> None:
    cells = b"a@example.com" + b"," * 900_000 + b"\n"
    lines = b'"' + b"\n" * 300_000 + b'"\n'
    run = await claimed(importer, b"Email\n" + (cells + lines) * 2)
    pauses: list[float] = []

    async def look_on() -> None:
        while True:
            began = monotonic()
            await asyncio.sleep(0)
            pauses.append(monotonic() - began)

    looking = asyncio.create_task(look_on())
    found = [row async for batch in read(importer, run) for row in batch.rows]
    looking.cancel()
    assert [row.mistakes != () for row in found] == [True, False, True, False]
    assert max(pauses) < 0.5  # it takes a tenth of that where nothing else runs


@pytest.mark.parametrize("end", [b"", b"Email\nperson.0@exa"])
async def test_a_file_that_is_not_whole_any_more_fails_before_a_row_is_cut(importer: Importer, end: bytes) -> None:
    content = b"Email\n" + PEOPLE
    run = await claimed(importer, content)
    statement, rest = (CUT, {"rest": end}) if end else (FORGET, {})
    await importer.database.write(
        importer.account_id, lambda writer: writer.execute(statement, import_id=run.of.id, piece=0, **rest)
    )
    await importer.database.write(importer.account_id, partial(running.give_way, run=run, now=acts.now()))
    report = await importer.run(run.of.id)
    assert (report.status, report.counts) == (ImportStatus.FAILED, {})
    assert report.problem == {
        "code": "INVALID_STATE",
        "message": "The file is not kept whole any more; upload it again with createImport.",
        "line": 2,
    }


# ---- leases, tries and turns


async def test_places_beyond_2_gib_are_kept(importer: Importer) -> None:
    run = await claimed(importer, b"Email\n" + PEOPLE)
    reading = Reading(form_of(b"Email\n"), ASKED, Guards(), acts.now())
    for began, end in [(6, 2**31 + 6), (2**31 + 6, 2**33)]:
        batch = Batch([], reading, began, end, 5)
        advance = partial(running.advance, run=run, batch=batch, done=running.Done(), act=act())
        await importer.database.write(importer.account_id, advance)


async def test_the_lease_is_renewed_while_work_takes_long(importer: Importer) -> None:
    run = await claimed(importer, b"Email\n" + PEOPLE)
    clock = iter(range(1, 1000))
    beating = Running(importer.database, b"", lambda: acts.now() + AN_HOUR * next(clock), asyncio.Event())
    beat = timedelta(seconds=0.05)
    assert await jobs.kept(beating, importer.account_id, run, asyncio.sleep(0.3, "done"), beat=beat) == "done"
    assert next(clock) > 2
    later = acts.now() + AN_HOUR
    claim = partial(running.claim, import_id=run.of.id, mine=acts.uuid7(later), guards=Guards(), now=later)
    assert await importer.database.write(importer.account_id, claim) is None
    other = Run(run.of, acts.uuid7(later), run.guards)
    with pytest.raises(Lost):
        await importer.database.write(importer.account_id, partial(running.renew, run=other, until=later))


async def test_leaving_off_is_no_try_and_an_import_is_given_up_that_processes_fell_at(importer: Importer) -> None:
    run = await claimed(importer, b"Email\n" + PEOPLE)
    await importer.database.write(
        importer.account_id, lambda writer: writer.execute(TRIED, import_id=run.of.id, so_often=jobs.MOST_TRIES + 1)
    )
    await importer.database.write(importer.account_id, partial(running.give_way, run=run, now=acts.now() + AN_HOUR))
    claim: Callable[..., Awaitable[Any]] = partial(running.claim, import_id=run.of.id, guards=Guards())
    again = await importer.database.write(
        importer.account_id, partial(claim, mine=acts.uuid7(acts.now()), now=acts.now() + 2 * AN_HOUR)
    )
    assert again.of.tries == jobs.MOST_TRIES + 1  # that of this claim
    await importer.database.write(importer.account_id, partial(running.release, run=again, until=acts.now()))
    report = await importer.run(run.of.id)
    assert report.status is ImportStatus.FAILED
    assert report.problem
    assert report.problem["code"] == "CONFLICT"


async def test_an_import_leaves_off_after_its_turn_where_others_wait(importer: Importer) -> None:
    run = await claimed(importer, b"Email\n" + PEOPLE)
    crowded = Running(importer.database, b"", acts.now, asyncio.Event(), crowded=lambda: True)
    assert crowded.is_over(monotonic())
    assert not crowded.is_over(monotonic() + 2)
    assert not work(importer).is_over(monotonic())
    await importer.database.write(importer.account_id, partial(running.give_way, run=run, now=acts.now()))
    await importer.run(run.of.id)


async def test_of_each_account_the_one_that_waits_longest_is_due(
    importer: Importer, stranger: Client, database: Database
) -> None:
    other = Importer(stranger, database)
    later = acts.now() + AN_HOUR
    ids: dict[int, UUID] = {}
    for each in (importer, importer, other):
        ids.setdefault(each.account_id, await stored(each, b"Email\n", due=later))
    async with database.reading(0) as reader:
        due = await reader.fetch(queries.DUE, now=later, most=1000)
    assert [each for each in due if each.account_id in ids] == [Due(*each) for each in ids.items()]


async def test_small_imports_of_an_account_run_one_after_another_at_once(importer: Importer) -> None:
    ids = [await stored(importer, b"Email\n" + PEOPLE, due=acts.now()) for _ in range(4)]
    stop = asyncio.Event()
    importing = Importing(work(importer, stop))
    await importing.look()
    for id in ids:
        while (report := await importer.report(id)).status not in ENDED:
            await asyncio.sleep(0.02)
        assert report.status is ImportStatus.SUCCEEDED
    stop.set()
    await importing.ended()
