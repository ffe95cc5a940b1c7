"""Running imports: each that is due is taken up by one process, and goes on batch by batch until it has ended."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from app.accounts.queries import GUARDS
from app.acts import Act, Lot, uuid7
from app.db import Database, Writer, first, scratch
from app.errors import Refusal
from app.imports.errors import FileRefused, GivenUp
from app.imports.operations import rehearsing, running, undoing
from app.imports.operations.changing import locked
from app.imports.operations.running import Batch, Lost, Run
from app.imports.queries import running as queries
from app.imports.queries.running import Due
from app.imports.rules.forms import Form, form_of
from app.imports.rules.reading import Reading
from app.imports.rules.records import Record, Records
from app.imports.rules.rows import Row
from app.log import log
from app.tables import ImportStatus, IntakeMethod

ROWS_A_BATCH = 500
ROWS_A_SLICE = 25  # that are read before others have a turn
CHUNK = 1024 * 1024  # bytes of a file that are kept together
SLICE = 64 * 1024  # of them are cut into records before others have a turn
MOST_AT_ONCE = 16  # imports of a process, each of another account
MOST_TRIES = 8
KEPT = timedelta(days=7)  # the file of a dry run, to be run for real
PAUSE = timedelta(seconds=5)
APART = timedelta(milliseconds=1)  # between the times of two batches, which the times of their rows lie between
Take = Callable[[int, Batch, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Running:
    """What imports are run with: `now` is the clock, `stop` is set when no further batch is to be begun."""

    database: Database
    secret: bytes
    now: Callable[[], datetime]
    stop: asyncio.Event


@dataclass(slots=True)
class Importing:
    """The imports that this process has taken up: one of an account at a time, so that none waits for another's."""

    work: Running
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def look(self) -> bool:
        """Takes up what is due."""
        self._under_way = {id: task for id, task in self._under_way.items() if not task.done()}
        if len(self._under_way) >= MOST_AT_ONCE:
            return False
        async with self.work.database.reading(0) as reader:
            due = await reader.fetch(queries.DUE, now=self.work.now())
        for each in due:
            if len(self._under_way) < MOST_AT_ONCE and each.account_id not in self._under_way:
                self._under_way[each.account_id] = asyncio.create_task(run(self.work, each))
        return False

    async def ended(self) -> None:
        """Waits until what is under way has ended its batches."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)


async def run(work: Running, due: Due) -> None:
    """Runs an import that is due until it has ended, or `stop` is set. What fails is tried again later."""
    mine = uuid7(work.now())
    claimed = await work.database.write(due.account_id, partial(_claim, due=due, mine=mine, now=work.now()))
    if claimed is None:
        return
    try:
        await _go_on(work, due.account_id, claimed)
    except Lost:
        pass
    except Exception as error:
        log.error("import failed", account=due.account_id, fault=type(error).__name__)
        await _put_off(work, due.account_id, claimed)


async def _claim(writer: Writer, *, due: Due, mine: UUID, now: datetime) -> Run | None:
    [guards] = await writer.fetch(GUARDS)
    return await running.claim(writer, import_id=due.id, mine=mine, guards=guards, now=now)


async def _put_off(work: Running, account_id: int, run: Run) -> None:
    """Lets it be tried again after a while; not for ever."""
    if run.of.tries >= MOST_TRIES:
        await _end(work, account_id, run, GivenUp(), run.of.line)
    else:
        until = work.now() + PAUSE * run.of.tries
        await work.database.write(account_id, partial(running.release, run=run, until=until))


async def _go_on(work: Running, account_id: int, run: Run) -> None:
    if run.of.undoing:
        await _undo(work, account_id, run)
        return
    try:
        form = await _form(work, account_id, run)
        reading = Reading(form, run.of.asked, run.guards, work.now())
    except FileRefused as problem:
        await _end(work, account_id, run, problem, problem.line)
        return
    if run.of.form is None or run.of.dry_run:
        run = await work.database.write(account_id, partial(running.begin, run=run, form=form))
    await (_rehearse if run.of.dry_run else _import)(work, account_id, run, reading)


async def _end(
    work: Running, account_id: int, run: Run, problem: Refusal | None = None, line: int | None = None
) -> None:
    act = _act(work, run, work.now())
    await work.database.write(account_id, partial(running.end, run=run, problem=problem, line=line, act=act))


def _act(work: Running, run: Run, at: datetime, lot: Lot | None = None) -> Act:
    return Act(at, run.of.actor, IntakeMethod.IMPORT, work.secret, run.of.file_name, lot)


async def forget_files(database: Database, *, now: datetime) -> bool:
    """Forgets a piece of the files that are not needed any more; whether there is more."""
    async with database.reading(0) as reader:
        found = first(await reader.fetch(queries.SPENT, before=now - KEPT))
    if found is None:
        return False
    await database.write(found.account_id, partial(_forget_some, import_id=found.id))
    return True


async def _forget_some(writer: Writer, *, import_id: UUID) -> None:
    """Forgets some of a file, unless the import was queued again just now."""
    if (await locked(writer, import_id=import_id)).status not in (ImportStatus.QUEUED, ImportStatus.RUNNING):
        await writer.execute(queries.FORGET_CHUNKS, import_id=import_id)


def _lot(run: Run) -> Lot:
    return Lot(run.of.id, run.of.started_at, run.earlier)


# ---- the three kinds of work


async def _import(work: Running, account_id: int, run: Run, reading: Reading) -> None:
    """Imports the rest of the file."""

    async def take(number: int, batch: Batch, at: datetime) -> None:
        def done(writer: Writer) -> Awaitable[None]:
            act = _act(work, run, at, _lot(run))  # anew for each time that it is tried
            return running.take(writer, run=run, number=number, batch=batch, act=act)

        await work.database.write(account_id, done)

    await _take_all(work, account_id, run, reading, take)


async def _rehearse(work: Running, account_id: int, run: Run, reading: Reading) -> None:
    """Does the same work where it changes nothing; so one that broke off began anew."""
    async with scratch(account_id) as writer:
        async with work.database.reading(account_id) as reader:
            await rehearsing.begin(reader, writer)

        async def take(_: int, batch: Batch, at: datetime) -> None:
            act = _act(work, run, at, _lot(run))
            addresses = {address for row in batch.rows if row.contact for address in row.contact.addresses}
            async with work.database.reading(account_id) as reader:
                await rehearsing.meet(reader, writer, addresses=addresses, act=act)
            done = await running.apply(writer, batch=batch, run=run, act=act)
            await writer.settle()
            told = partial(running.advance, run=run, batch=batch, done=done, act=_act(work, run, at))
            await work.database.write(account_id, told)

        await _take_all(work, account_id, run, reading, take)


async def _undo(work: Running, account_id: int, run: Run) -> None:
    """Takes back what is left of what the import brought."""
    more = True
    while more:
        if work.stop.is_set():
            await work.database.write(account_id, partial(running.release, run=run, until=work.now()))
            return
        more = await work.database.write(
            account_id, lambda writer: undoing.take_back(writer, run=run, act=_undoing(work, run))
        )


def _undoing(work: Running, run: Run) -> Act:
    return replace(_act(work, run, work.now()), method=IntakeMethod.MANUAL)


async def _take_all(work: Running, account_id: int, run: Run, reading: Reading, take: Take) -> None:
    """Takes batch by batch, the next being read while one is taken, and ends the import."""
    at = work.now()
    number = run.of.rows
    async for batch in _ahead(_batches(work, account_id, run, reading)):
        await take(number, batch, at)
        number += len(batch.rows)
        at = max(work.now(), at + APART)
        if work.stop.is_set():
            await work.database.write(account_id, partial(running.release, run=run, until=work.now()))
            return
    await _end(work, account_id, run)


# ---- reading


async def _form(work: Running, account_id: int, run: Run) -> Form:
    """How the file is written. Raises FileRefused."""
    if run.of.form is not None:
        return Form.of(run.of.form)
    return form_of(await _chunk(work, account_id, run.of.id, 0) or b"")


async def _chunk(work: Running, account_id: int, import_id: UUID, number: int) -> bytes | None:
    async with work.database.reading(account_id) as reader:
        return first(await reader.fetch(queries.CHUNK, import_id=import_id, number=number))


async def _batches(work: Running, account_id: int, run: Run, reading: Reading) -> AsyncIterator[Batch]:
    """The rest of the file, judged, in batches."""
    rows: list[Row] = []
    number, began, last = run.of.rows, run.of.bytes_read, None
    async for records in _records(work, account_id, run, reading.form):
        for last in records:
            number += 1
            rows.append(reading.row(number, last))
            if len(rows) == ROWS_A_BATCH:
                yield Batch(rows, reading, began, last.end, last.next_line)
                rows, began = [], last.end
            elif len(rows) % ROWS_A_SLICE == 0:
                await asyncio.sleep(0)
    if last is not None and rows:
        yield Batch(rows, reading, began, last.end, last.next_line)


async def _records(work: Running, account_id: int, run: Run, form: Form) -> AsyncIterator[Sequence[Record]]:
    """The records from where the import has come to, some at a time."""
    records = Records(form.encoding, form.delimiter, offset=run.of.bytes_read, line=run.of.line)
    number, skipped = divmod(run.of.bytes_read, CHUNK)
    while content := await _chunk(work, account_id, run.of.id, number):
        for begins in range(skipped, len(content), SLICE):
            yield records.feed(content[begins : begins + SLICE])
        number, skipped = number + 1, 0
    yield records.end()


async def _ahead(batches: AsyncIterator[Batch]) -> AsyncIterator[Batch]:
    """The same, each read while the one before is being taken."""

    async def following() -> Batch | None:
        return await anext(batches, None)

    upcoming = asyncio.create_task(following())
    try:
        while (batch := await upcoming) is not None:
            upcoming = asyncio.create_task(following())
            yield batch
    finally:
        upcoming.cancel()
