"""Running imports: each that is due is taken up by one process, and goes on batch by batch until it has ended."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from math import inf
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

from app.accounts.queries import GUARDS
from app.acts import Act, Lot, uuid7
from app.db import Database, Writer, first, scratch
from app.errors import Overloaded, Refusal
from app.imports.errors import FileRefused, GivenUp
from app.imports.jobs.batches import ahead, batches, form
from app.imports.operations import rehearsing, running, undoing
from app.imports.operations.changing import locked
from app.imports.operations.running import Batch, Lost, Run
from app.imports.queries import running as queries
from app.imports.queries.running import Due
from app.imports.rules.reading import Reading
from app.log import log
from app.tables import ImportStatus, IntakeMethod

T = TypeVar("T")
MOST_AT_ONCE = 16  # imports of a process, each of another account
TURN_SECONDS = 2.0  # of batches, after which an import gives its place up where others wait for one
MOST_TRIES = 8
KEPT = timedelta(days=7)  # the file of a dry run, to be run for real
PAUSE = timedelta(seconds=5)
APART = timedelta(milliseconds=1)  # between the times of two batches, which the times of their rows lie between
Take = Callable[[int, Batch, datetime], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Running:
    """What imports are run with: `now` is the clock, `stop` is set when no further batch is to be begun.

    `crowded` tells whether other imports wait for a place; by itself, that none does.
    """

    database: Database
    secret: bytes
    now: Callable[[], datetime]
    stop: asyncio.Event
    crowded: Callable[[], bool] = bool

    def is_over(self, until: float) -> bool:
        """Whether an import is to leave off, whose turn lasts until then where others wait."""
        return self.stop.is_set() or (monotonic() >= until and self.crowded())


@dataclass(slots=True)
class Importing:
    """The imports that this process has taken up: one of an account at a time, so that none waits for another's."""

    work: Running
    _under_way: dict[int, asyncio.Task[None]] = field(default_factory=dict)
    _is_crowded: bool = False

    async def look(self) -> bool:
        """Takes up what is due, as far as there are places: of each account what has waited longest."""
        async with self.work.database.reading(0) as reader:
            due = await reader.fetch(queries.DUE, now=self.work.now(), most=2 * MOST_AT_ONCE)
        if self.work.stop.is_set():
            return False
        others = [each for each in due if each.account_id not in self._under_way]
        places = MOST_AT_ONCE - len(self._under_way)
        for each in others[:places]:
            self._under_way[each.account_id] = asyncio.create_task(self._run(each))
        self._is_crowded = len(others) > places
        return False

    async def _run(self, due: Due) -> None:
        """Runs an import; its place is given to the next one at once."""
        taken = False
        try:
            taken = await run(replace(self.work, crowded=lambda: self._is_crowded), due)
        except Exception as error:
            log.error("import failed", account=due.account_id, fault=type(error).__name__)
        finally:
            del self._under_way[due.account_id]
        if taken:
            await self.look()

    async def ended(self) -> None:
        """Waits until what is under way has ended its batches."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)


async def run(work: Running, due: Due) -> bool:
    """Runs an import that is due until it has ended, or has to leave off; whether nobody else has taken it up.

    What fails is tried again later, but not for ever, also where the whole process fell.
    """
    mine = uuid7(work.now())
    claimed = await work.database.write(due.account_id, partial(_claim, due=due, mine=mine, now=work.now()))
    if claimed is None:
        return False
    try:
        await _go_on(work, due.account_id, claimed)
    except Lost:
        pass
    except Exception as error:
        log.error("import failed", account=due.account_id, fault=type(error).__name__)
        await _put_off(work, due.account_id, claimed)
    return True


async def _claim(writer: Writer, *, due: Due, mine: UUID, now: datetime) -> Run | None:
    [guards] = await writer.fetch(GUARDS)
    return await running.claim(writer, import_id=due.id, mine=mine, guards=guards, now=now)


async def _put_off(work: Running, account_id: int, run: Run) -> None:
    """Lets it be tried again after a while; not for ever."""
    if run.of.tries >= MOST_TRIES:
        await _end(work, account_id, run, GivenUp())
    else:
        until = work.now() + PAUSE * run.of.tries
        await work.database.write(account_id, partial(running.release, run=run, until=until))


async def _go_on(work: Running, account_id: int, run: Run) -> None:
    try:
        await kept(work, account_id, run, _do(work, account_id, run))
    except (GivenUp, FileRefused) as problem:
        await _end(work, account_id, run, problem)


async def _do(work: Running, account_id: int, run: Run) -> None:
    """Does what there is to do. Raises Lost, FileRefused, or GivenUp where processes fell at it again and again."""
    if run.of.tries > MOST_TRIES:
        raise GivenUp
    if run.of.undoing:
        await _undo(work, account_id, run)
        return
    reading = Reading(await form(work.database, account_id, run), run.of.asked, run.guards, work.now())
    if run.of.form is None or run.of.dry_run:
        run = await work.database.write(account_id, partial(running.begin, run=run, form=reading.form))
    await (_rehearse if run.of.dry_run else _import)(work, account_id, run, reading)


async def _end(work: Running, account_id: int, run: Run, problem: Refusal | None = None) -> None:
    act = _act(work, run, work.now())
    line = problem.line if isinstance(problem, FileRefused) else run.of.line if problem else None
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
        async def done(writer: Writer) -> None:
            act = _act(work, run, at, _lot(run))  # anew for each time that it is tried
            await running.take(writer, run=run, number=number, batch=batch, act=act)

        await work.database.write(account_id, done)

    upcoming = ahead(batches(work.database, account_id, run, reading))
    await _take_all(work, account_id, run, upcoming, take, until=monotonic() + TURN_SECONDS)


async def _rehearse(work: Running, account_id: int, run: Run, reading: Reading) -> None:
    """Does the same work where it changes nothing; so one that broke off began anew, and none gives its place up."""
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

        upcoming = ahead(batches(work.database, account_id, run, reading))
        await _take_all(work, account_id, run, upcoming, take, until=inf)


async def _undo(work: Running, account_id: int, run: Run) -> None:
    """Takes back what is left of what the import brought."""
    until, more = monotonic() + TURN_SECONDS, True
    while more:
        if work.is_over(until):
            await work.database.write(account_id, partial(running.give_way, run=run, now=work.now()))
            return
        more = await work.database.write(
            account_id, lambda writer: undoing.take_back(writer, run=run, act=_undoing(work, run))
        )


def _undoing(work: Running, run: Run) -> Act:
    return replace(_act(work, run, work.now()), method=IntakeMethod.MANUAL)


async def _take_all(
    work: Running, account_id: int, run: Run, upcoming: AsyncGenerator[Batch], take: Take, *, until: float
) -> None:
    """Takes batch by batch, the next being read while one is taken, and ends the import."""
    at = work.now()
    number = run.of.rows
    async with aclosing(upcoming):
        async for batch in upcoming:
            await take(number, batch, at)
            number += len(batch.rows)
            at = max(work.now(), at + APART)
            if work.is_over(until):
                await work.database.write(account_id, partial(running.give_way, run=run, now=work.now()))
                return
    await _end(work, account_id, run)


async def kept(
    work: Running, account_id: int, run: Run, taking: Coroutine[Any, Any, T], *, beat: timedelta | None = None
) -> T:
    """What comes of work on an import; as long as that goes on, nobody else takes the import up, however slow it is."""
    task = asyncio.create_task(taking)
    try:
        while not (await asyncio.wait({task}, timeout=(beat or running.LEASE / 3).total_seconds()))[0]:
            with suppress(Overloaded):
                until = work.now() + running.LEASE
                await work.database.write(account_id, partial(running.renew, run=run, until=until))
        return await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
