"""The worker: does in the background what is due. `serve` has one inside; on PostgreSQL more may run beside it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from app import garbage
from app.acts import now
from app.db import Database, open_database
from app.delivery import jobs as delivery
from app.delivery.operations import Outbox
from app.delivery.rules.sending import Provider
from app.idempotency import jobs as idempotency
from app.imports import jobs as imports
from app.log import configure, log
from app.privacy import jobs as privacy
from app.settings import Settings
from app.signing import Signer

ENDING_SECONDS = 10.0  # how long what is under way may take when the worker is to stop


@dataclass(frozen=True, slots=True)
class Worker:
    """What the jobs work with; `stop` is set when nothing more is to be begun."""

    database: Database
    provider: Provider
    signer: Signer
    importing: imports.Importing
    stop: asyncio.Event

    async def deliver(self) -> bool:
        """Sends messages that are due."""
        return await delivery.deliver(self.database, self.provider, signer=self.signer, now=now, stop=self.stop)

    async def run_imports(self) -> bool:
        """Takes up imports that are due."""
        return await self.importing.look()

    async def forget_files(self) -> bool:
        """Forgets the files of imports that have ended."""
        return await imports.forget_files(self.database, now=now())

    async def forget_removed(self) -> bool:
        """Has the provider forget who was deleted or erased."""
        return await privacy.forget(self.database, self.provider, now=now())

    async def forget_old(self) -> bool:
        """Forgets keys that were kept long enough."""
        await idempotency.forget_old(self.database, now=now())
        return False

    async def work(self) -> None:
        """Does what is due, again and again, until `stop` is set; ends what is under way."""
        jobs: Mapping[Callable[[], Awaitable[bool]], float] = {
            self.deliver: 1.0,
            self.run_imports: 0.25,
            self.forget_files: 10.0,
            self.forget_removed: 5.0,
            self.forget_old: 600.0,
        }
        repeating = [asyncio.create_task(self._repeat(job, pause)) for job, pause in jobs.items()]
        await self.stop.wait()
        repeating.append(asyncio.create_task(self.importing.ended()))
        _, late = await asyncio.wait(repeating, timeout=ENDING_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _repeat(self, job: Callable[[], Awaitable[bool]], pause: float) -> None:
        """Does a job, at once again where there is more of it; what fails is logged, and tried again next time."""
        while not self.stop.is_set():
            try:
                more = await job()
            except Exception as error:
                log.error("job failed", job=job.__name__, fault=type(error).__name__)
                more = False
            if not more:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.stop.wait(), pause)


def worker(database: Database, settings: Settings) -> Worker:
    """The worker that the settings say."""
    host = urlsplit(settings.reached_at).hostname or settings.host
    provider = Outbox(settings.outbox, host=host)
    stop, secret = asyncio.Event(), settings.secret_bytes()
    importing = imports.Importing(imports.Running(database, secret, now, stop))
    return Worker(database, provider, Signer(secret, settings.reached_at), importing, stop)


async def run(settings: Settings) -> None:
    """Works until it is told to stop (SIGTERM or Ctrl-C)."""
    configure()
    database = await open_database(settings.url, max_connections=settings.max_connections)
    working = worker(database, settings)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, working.stop.set)
    garbage.seldom()
    log.info("worker", state="working")
    await working.work()
    await database.close()
