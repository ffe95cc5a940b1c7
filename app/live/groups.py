"""Those whose wishes are alike: what they are told is read once for all of them, slice by slice."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

from app.errors import Overloaded, RequestError
from app.live.errors import Broken, Interrupted, TooSlow
from app.live.subscribers import Subscriber
from app.live.wishes import Wish
from app.log import log

MOST_AT_ONCE = 50  # engagements in one read: what is selected beneath each may be much
MOST_WAITING = 100_000  # engagements that were announced and not read yet
DRAINED_SECONDS = 3.0  # how long those who have enough may take until they can be told more


class Turns:
    """One account reads one slice at a time: its groups one after the other, beside so many other accounts."""

    def __init__(self, reading: asyncio.Semaphore) -> None:
        self._own = asyncio.Lock()  # who asks first is first, and who just had a turn is last
        self._all = reading

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """A turn, for as long as it is held."""
        async with self._own, self._all:
            yield


class Group:
    """Those whose wishes are alike. It reads at its own pace, so that no other waits for it."""

    def __init__(self, wish: Wish, turns: Turns) -> None:
        self.wish = wish
        self.subscribers: set[Subscriber] = set()
        self._turns = turns
        self._announced: deque[UUID] = deque()
        self._arrived = asyncio.Event()
        self.task = asyncio.create_task(self._tell_all())

    def hear(self, ids: Sequence[UUID]) -> None:
        """Hears that these were recorded."""
        self._announced.extend(ids)
        self._arrived.set()
        if len(self._announced) > MOST_WAITING:
            self._announced.clear()
            self.end(TooSlow())

    def end(self, why: Exception) -> None:
        """Ends them all."""
        for subscriber in self.subscribers:
            subscriber.end(why)

    async def _tell_all(self) -> None:
        while True:
            if not self._announced:
                self._arrived.clear()
                await self._arrived.wait()
            await self._drained()
            async with self._turns.taken():
                if not any(subscriber.is_full for subscriber in self.subscribers):
                    await self._tell(taken(self._announced, MOST_AT_ONCE))

    async def _drained(self) -> None:
        """Waits until all can be told more; ends those who cannot for long."""
        until = asyncio.get_running_loop().time() + DRAINED_SECONDS
        for subscriber in tuple(self.subscribers):
            await subscriber.drained(until)

    async def _tell(self, ids: Sequence[UUID]) -> None:
        """Tells all of them those of the engagements that they wished for, in this order."""
        try:
            found = await self.wish.read(ids)
        except (Overloaded, OSError):
            self.end(Interrupted())
        except RequestError as error:
            self.end(error)
        except Exception as error:
            log.error("live read failed", account=self.wish.account_id, fault=type(error).__name__)
            self.end(Broken())
        else:
            for event in (found[id] for id in ids if id in found):
                for subscriber in self.subscribers:
                    subscriber.tell(event)


def taken(announced: deque[UUID], most: int) -> list[UUID]:
    """Takes the first so many of those that were announced, each once."""
    return list(dict.fromkeys(announced.popleft() for _ in range(min(len(announced), most))))
