"""Importing a file from here: it is kept like one that is sent, and its import is run in this process."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from select import select
from typing import Protocol, TypeVar
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from app.accounts.queries import Tenant
from app.acts import Act, now
from app.cli.reports import counted
from app.db import Database, Writer, first
from app.errors import Refusal, RequestError
from app.imports import jobs
from app.imports.errors import ImportNotFound, WrongState
from app.imports.jobs.storing import Storing
from app.imports.operations import creating, deciding
from app.imports.queries.running import Due
from app.imports.queries.watching import PROGRESS, Progress
from app.imports.rules.asking import Asked, Wanted, judged
from app.tables import ImportStatus, IntakeMethod

T = TypeVar("T")
PIECE = 256 * 1024  # bytes that are read from the file at once
LOOK_SECONDS = 0.25
ACTOR = "Command line"
Note = Callable[[UUID], None]


class Watching(Protocol):
    """Who looks on while a file is imported."""

    def kept(self, total: int) -> None:
        """So many bytes of the file are kept by now."""

    def came(self, progress: Progress) -> None:
        """So far the import has come."""


class Nobody:
    """Nobody looks on."""

    def kept(self, total: int) -> None:
        """Says nothing."""

    def came(self, progress: Progress) -> None:
        """Says nothing."""


NOBODY = Nobody()


class Stopped(RequestError):
    """This process was told to stop before all of the file was kept."""

    code = "STOPPED"

    def __init__(self) -> None:
        super().__init__("Stopped before the file was read: nothing was imported.")


class NotKept(WrongState):
    """An import that cannot go on, for its file never came in whole."""

    def __init__(self) -> None:
        super().__init__("The file of this import was never taken in whole; import the file again.")


class Source(Protocol):
    """What a file is read from."""

    def read(self, most: int, /) -> bytes:
        """The next bytes; none at the end."""


@dataclass(frozen=True, slots=True)
class Importing:
    """What files are imported with: for which account, and until when."""

    database: Database
    tenant: Tenant
    secret: bytes
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, file: Source, asked: Asked, look: Watching = NOBODY, note: Note | None = None) -> Progress:
        """Imports an open file to the end, or until `stop` is set. Raises Refusals for what is asked, and Stopped.

        `note` writes the import's id down elsewhere: before it is made, so that whoever made it can be found.
        """
        id = await self._write(partial(_create, wanted=self.judged(asked), act=self.act(), note=note))
        try:
            await self._keep(file, id, look)
        except Refusal:  # of the file: it is written down, and told with the rest
            return await self.progress(id)
        return await self.run(id, look)

    def judged(self, asked: Asked) -> Wanted:
        """What is asked of a file, checked. Raises Refusals."""
        return judged(asked, region=self.tenant.region, time_zone=self.tenant.time_zone, now=now())

    async def run(self, id: UUID, look: Watching = NOBODY) -> Progress:
        """Runs an import that is due to the end, or until `stop` is set; where another process has it, waits for that.

        Told to stop, this ends its batch, and leaves the rest to whoever takes the import up next.
        """
        work = jobs.Running(self.database, self.secret, now, self.stop)
        while True:
            running = asyncio.create_task(jobs.run(work, Due(self.tenant.account_id, id)))
            while not running.done():
                await asyncio.wait({running}, timeout=LOOK_SECONDS)
                look.came(await self.progress(id))
            await running
            found = await self.progress(id)
            if found.has_ended or self.stop.is_set():
                return found
            await asyncio.sleep(LOOK_SECONDS)

    async def resume(self, id: UUID | None, look: Watching = NOBODY) -> Progress:
        """Runs an import that was stopped on to its end. Raises ImportNotFound, or NotKept."""
        found = await self.progress(id)
        if found.status is ImportStatus.AWAITING_UPLOAD:
            raise NotKept
        return await self.run(found.id, look)

    async def progress(self, id: UUID | None) -> Progress:
        """How far an import has come. Raises ImportNotFound."""
        found = None if id is None else await self.found(id)
        if found is None:
            raise ImportNotFound
        return found

    async def found(self, id: UUID) -> Progress | None:
        """How far an import has come, if the account has it."""
        async with self.database.reading(self.tenant.account_id) as reader:
            return first(await reader.fetch(PROGRESS, import_id=id))

    async def undo(self, id: UUID | None, look: Watching = NOBODY) -> Progress:
        """Takes back what an import brought. Raises a Refusal where there is nothing to take back."""
        undone = await self._write(partial(deciding.undo, import_id=id, act=self.act()))
        return await self.run(undone, look)

    async def cancel(self, id: UUID | None) -> Progress:
        """Stops an import for good; what it brought so far stays. Raises ImportNotFound or CannotCancel."""
        return await self.progress(await self._write(partial(deciding.cancel, import_id=id, act=self.act())))

    def act(self) -> Act:
        """Something that is done from here, now."""
        return Act(now(), ACTOR, IntakeMethod.IMPORT, self.secret)

    async def _keep(self, file: Source, id: UUID, look: Watching) -> None:
        """Keeps the file. Raises a Refusal where it cannot be read, and Stopped."""
        storing = Storing(self.database, self.tenant.account_id, id, now=now, most=None)
        await storing.begin()
        while content := await asyncio.to_thread(file.read, PIECE):
            await storing.take(content)
            look.kept(storing.total)
            if self.stop.is_set():
                break
        if self.stop.is_set():
            await self.cancel(id)
            raise Stopped
        await storing.end()

    async def _write(self, work: Callable[[Writer], Awaitable[T]]) -> T:
        return await self.database.write(self.tenant.account_id, work)


async def _create(writer: Writer, *, wanted: Wanted, act: Act, note: Note | None) -> UUID:
    """Makes an import, and notes it: an id that is noted in vain is of none, and does no harm."""
    id = await creating.create(writer, wanted=wanted, act=act)
    if note is not None:
        note(id)
    return id


@dataclass(frozen=True, slots=True)
class Input:
    """Standard input, or what else may keep its reader waiting: that ends where this process is told to stop."""

    descriptor: int
    stop: asyncio.Event

    def read(self, most: int, /) -> bytes:
        """The next bytes; none at the end."""
        while not self.stop.is_set():
            if select([self.descriptor], [], [], LOOK_SECONDS)[0]:
                return os.read(self.descriptor, most)
        return b""


@contextmanager
def told_to_stop(stop: asyncio.Event) -> Iterator[None]:
    """Lets Ctrl-C and SIGTERM stop what is under way, rather than break it off."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@dataclass(frozen=True, slots=True)
class Shown:
    """A bar, and what it shows of one import."""

    bar: Bar
    task: TaskID
    name: str

    def kept(self, total: int) -> None:
        """So many bytes of the file are kept by now."""
        self.bar.update(self.task, completed=total, said="kept before it is imported")

    def came(self, progress: Progress) -> None:
        """So far the import has come."""
        rate = progress.rows / (self.bar.tasks[0].elapsed or 1.0)
        said = f"{counted(progress.rows, 'row')}, {rate:,.0f}/s"
        name = self.name or progress.file_name
        done = progress.bytes_read
        self.bar.update(self.task, description=name, completed=done, total=progress.bytes_total, said=said)


@contextmanager
def bar(console: Console, name: str = "", total: int | None = None) -> Iterator[Watching]:
    """Shows how far an import has come, where somebody looks on; `total` are the bytes of the file, if known."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[said]}", markup=False),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        yield Shown(shown, shown.add_task(name, total=total, said=""), name)
