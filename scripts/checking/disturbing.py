"""Killing servers and restarting PostgreSQL while clients work."""

import asyncio
import random
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from checking.servers import Server
from checking.stores import Store

SOONER, LATER = 0.5, 1.5
RARER = 3  # restarts of PostgreSQL than kills: they stop everybody
AFTERMATH_SECONDS = 3.0  # how long after a restart of PostgreSQL connections may turn out to be lost


@dataclass(slots=True)
class Disturbance:
    """What is done to the servers and the database, one thing at a time."""

    servers: Sequence[Server]
    store: Store
    seed: int
    seconds: float  # between two kills, on average
    kills: int = 0
    restarts: list[tuple[float, float]] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    def end(self) -> None:
        """Lets what is being done come to its end, and nothing more be done."""
        self._over.set()

    async def kill(self) -> None:
        """Kills one of the servers every few seconds, without warning, and starts it again on the same port."""
        drawn = random.Random(self.seed)
        while await self._passed(self.seconds * drawn.uniform(SOONER, LATER)):
            async with self._turn:
                server = drawn.choice(self.servers)
                if server.ended():
                    self.mistakes.append(f"the server at {server.address} had ended by itself")
                server.end(signal.SIGKILL)
                self.kills += 1
                server.spawn()
                await server.ready()

    async def restart(self) -> None:
        """Stops PostgreSQL at once every some seconds, and starts it again."""
        drawn = random.Random(self.seed)
        while await self._passed(RARER * self.seconds * drawn.uniform(SOONER, LATER)):
            async with self._turn:
                began = time.time()
                await asyncio.to_thread(self.store.restart)
                self.restarts.append((began, time.time()))

    def explains(self, sent: float, answered: float) -> bool:
        """Whether a request in that time may have met a database that was not there."""
        return any(sent <= ended + AFTERMATH_SECONDS and began <= answered for began, ended in self.restarts)

    async def _passed(self, seconds: float) -> bool:
        """Waits; whether there is more to be done then."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._over.wait(), seconds)
        return not self._over.is_set()
