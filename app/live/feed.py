"""What a process hears of what happens, in itself and in others, and tells those who follow it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from app.db import Database
from app.live.audience import Audience
from app.live.errors import Ended, Interrupted, Left, NotHeard, TooMany
from app.live.subscribers import Room, Subscriber
from app.live.wishes import Wish
from app.log import log

READS_AT_ONCE = 3  # so that connections are left for requests; an account reads one at a time
MOST_SUBSCRIPTIONS = 1000  # of one account
LINE_SECONDS = 5.0  # how long a subscription waits for the line to the database
PAUSES = 0.1, 5.0  # before the line is tried again: at first, and at most


class Feed:
    """One for a process: it listens to the database from the first subscription on, and tells each account's own."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._audiences: dict[int, Audience] = {}
        self._reading = asyncio.Semaphore(READS_AT_ONCE)
        self._listening: asyncio.Task[None] | None = None
        self._hearing, self._lost = asyncio.Event(), asyncio.Event()

    @asynccontextmanager
    async def following(self, wish: Wish, room: Room) -> AsyncIterator[Subscriber]:
        """A subscriber that is told whatever is committed from now on; `room` is its connection's.

        Raises NotHeard and TooMany.
        """
        await self._ready()
        subscriber = Subscriber(room)
        audience = self._audiences.get(wish.account_id)
        if audience is None:
            audience = self._audiences[wish.account_id] = Audience(self._database, wish.account_id, self._reading)
        elif audience.count >= MOST_SUBSCRIPTIONS:
            raise TooMany(MOST_SUBSCRIPTIONS)
        audience.join(wish, subscriber)
        try:
            yield subscriber
        finally:
            subscriber.end(Left())
            idle = audience.leave(wish, subscriber)
            if audience.is_empty:
                del self._audiences[wish.account_id]
            await cancelled(idle)

    async def close(self) -> None:
        """Listens no more."""
        if self._listening is not None:
            await cancelled([self._listening])

    # ---- the line to the database

    def hear(self, account_id: int, news: str) -> None:
        """Hears what a transaction announced."""
        audience = self._audiences.get(account_id)
        if audience is not None:
            audience.hear(news)

    def lost(self) -> None:
        """Ends all subscriptions: what is announced from here on would be missed."""
        self._hearing.clear()
        self._lost.set()
        self._end_all(Interrupted())

    def _end_all(self, why: Ended) -> None:
        for audience in self._audiences.values():
            audience.end(why)

    async def _ready(self) -> None:
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())
        try:
            async with asyncio.timeout(LINE_SECONDS):
                while not self._hearing.is_set():  # who waited may be woken after the line was lost again
                    await self._hearing.wait()
        except TimeoutError:
            raise NotHeard from None

    async def _listen(self) -> None:
        """Holds the line, and makes it again where it is lost."""
        least, pause = PAUSES[0], PAUSES[0]
        while True:
            self._lost.clear()
            try:
                async with self._database.listening(self):
                    self._hearing.set()
                    pause = least
                    await self._lost.wait()
            except Exception as error:
                log.error("not listening", fault=type(error).__name__)
            self._hearing.clear()
            await asyncio.sleep(pause)
            pause = min(2 * pause, PAUSES[1])


async def cancelled(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancels tasks, and waits until they have ended."""
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)
