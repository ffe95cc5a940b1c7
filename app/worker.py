"""The worker: does in the background what facts and due rows call for. Nothing is due yet in this version."""

import asyncio
import signal

from app.db import open_database
from app.log import log
from app.settings import Settings


async def run(settings: Settings) -> None:
    """Works until it is told to stop (SIGTERM or Ctrl-C)."""
    database = await open_database(settings.url, max_connections=settings.max_connections)
    stop = asyncio.Event()
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signal_, stop.set)
    log.info("worker", state="waiting", jobs=0)
    await stop.wait()
    await database.close()
