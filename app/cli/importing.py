"""Importing a file from here: it is kept like one that is sent, and its import is run in this process."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import BinaryIO, TypeVar
from uuid import UUID

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from app.accounts.queries import Tenant
from app.acts import Act, now
from app.db import Database, Writer
from app.errors import Refusal
from app.imports import jobs
from app.imports.operations import creating, deciding
from app.imports.queries.running import Due
from app.imports.queries.watching import PROGRESS, Progress
from app.imports.rules.asking import Asked, judged
from app.imports.storing import Storing
from app.tables import IntakeMethod

T = TypeVar("T")
PIECE = 256 * 1024  # bytes that are read from the file at once
LOOK_SECONDS = 0.25
ACTOR = "Command line"
Tell = Callable[[Progress], None]


class Stopped(Exception):
    """This process was told to stop before all of the file was kept; nothing was imported."""


@dataclass(frozen=True, slots=True)
class Importing:
    """What files are imported with: for which account, and until when."""

    database: Database
    tenant: Tenant
    secret: bytes
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, file: BinaryIO, asked: Asked, tell: Tell) -> Progress:
        """Imports an open file to the end, or until `stop` is set. Raises Refusals for what is asked, and Stopped."""
        wanted = judged(asked, region=self.tenant.region, time_zone=self.tenant.time_zone, now=now())
        id = await self._write(partial(creating.create, wanted=wanted, act=self.act()))
        try:
            await self._keep(file, id)
        except Refusal:  # of the file: it is written down, and told with the rest
            return await self.progress(id)
        return await self.run(id, tell)

    async def run(self, id: UUID, tell: Tell) -> Progress:
        """Runs an import that is due to the end, or until `stop` is set; where another process has it, waits for that.

        Told to stop, this ends its batch, and leaves the rest to whoever takes the import up next.
        """
        work = jobs.Running(self.database, self.secret, now, self.stop)
        while True:
            running = asyncio.create_task(jobs.run(work, Due(self.tenant.account_id, id)))
            while not running.done():
                await asyncio.wait({running}, timeout=LOOK_SECONDS)
                tell(await self.progress(id))
            await running
            found = await self.progress(id)
            if found.has_ended or self.stop.is_set():
                return found
            await asyncio.sleep(LOOK_SECONDS)

    async def progress(self, id: UUID) -> Progress:
        """How far an import has come."""
        async with self.database.reading(self.tenant.account_id) as reader:
            [found] = await reader.fetch(PROGRESS, import_id=id)
        return found

    async def undo(self, id: UUID | None, tell: Tell) -> Progress:
        """Takes back what an import brought. Raises a Refusal where there is nothing to take back."""
        undone = await self._write(partial(deciding.undo, import_id=id, act=self.act()))
        return await self.run(undone, tell)

    def act(self) -> Act:
        """Something that is done from here, now."""
        return Act(now(), ACTOR, IntakeMethod.IMPORT, self.secret)

    async def _keep(self, file: BinaryIO, id: UUID) -> None:
        """Keeps the file. Raises a Refusal where it cannot be read, and Stopped."""
        storing = Storing(self.database, self.tenant.account_id, id, now=now, most=None)
        await storing.begin()
        while content := await asyncio.to_thread(file.read, PIECE):
            await storing.take(content)
            if self.stop.is_set():
                await self._write(partial(deciding.cancel, import_id=id, act=self.act()))
                raise Stopped
        await storing.end()

    async def _write(self, work: Callable[[Writer], Awaitable[T]]) -> T:
        return await self.database.write(self.tenant.account_id, work)


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


@contextmanager
def bar(console: Console, name: str) -> Iterator[Tell]:
    """Shows how far an import has come, where somebody looks on."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TextColumn("{task.fields[rows]:,} rows, {task.fields[rate]:,.0f}/s"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(name, total=None, rows=0, rate=0.0)

        def tell(progress: Progress) -> None:
            rate = progress.rows / (shown.tasks[0].elapsed or 1.0)
            done = progress.bytes_read
            shown.update(task, completed=done, total=progress.bytes_total, rows=progress.rows, rate=rate)

        yield tell
