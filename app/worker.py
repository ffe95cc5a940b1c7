"""The worker: does in the background what is due. `serve` has one inside; on PostgreSQL more may run beside it."""

import asyncio
import signal

from app.acts import now
from app.db import Database, open_database
from app.idempotency import jobs as idempotency
from app.log import log
from app.settings import Settings

PAUSE_SECONDS = 600.0


async def work(database: Database) -> None:
    """Does what is due, again and again, until it is cancelled."""
    while True:
        await once(database)
        await asyncio.sleep(PAUSE_SECONDS)


async def once(database: Database) -> None:
    """Does what is due now; what fails is logged, and tried again next time."""
    try:
        await idempotency.forget_old(database, now=now())
    except Exception as error:
        log.error("job failed", job="forget_old", fault=type(error).__name__)


async def run(settings: Settings) -> None:
    """Works until it is told to stop (SIGTERM or Ctrl-C)."""
    database = await open_database(settings.url, max_connections=settings.max_connections)
    working = asyncio.create_task(work(database))
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, working.cancel)
    log.info("worker", state="working")
    await asyncio.wait([working])
    await database.close()
