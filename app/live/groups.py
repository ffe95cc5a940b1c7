"""Those whose wishes are alike: what they are told is read once for all of them."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from app.errors import Overloaded, RequestError
from app.live.errors import Broken, Interrupted
from app.live.subscribers import Subscriber
from app.live.wishes import Wish
from app.log import log

T = TypeVar("T")
W = TypeVar("W", bound=Wish)
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


class Group(ABC, Generic[W]):
    """Those whose wishes are alike. It reads at its own pace, so that no other waits for it."""

    def __init__(self, wish: W, turns: Turns) -> None:
        self.wish = wish
        self.subscribers: set[Subscriber] = set()
        self._turns = turns
        self._arrived = asyncio.Event()
        self.task = asyncio.create_task(self._tell_all())

    def join(self, subscriber: Subscriber) -> None:
        """From here on the subscriber is told."""
        self.subscribers.add(subscriber)

    def end(self, why: Exception) -> None:
        """Ends them all."""
        for subscriber in self.subscribers:
            subscriber.end(why)

    @abstractmethod
    async def _tell_all(self) -> None:
        """Tells them whatever comes, for ever."""

    @property
    def _is_full(self) -> bool:
        return any(subscriber.is_full for subscriber in self.subscribers)

    async def _drained(self) -> None:
        """Waits until all can be told more; ends those who cannot for long."""
        until = asyncio.get_running_loop().time() + DRAINED_SECONDS
        for subscriber in tuple(self.subscribers):
            await subscriber.drained(until)

    async def _read(self, reading: Awaitable[T]) -> T | None:
        """What is read; None where that failed, which ends them all."""
        try:
            return await reading
        except (Overloaded, OSError):
            self.end(Interrupted())
        except RequestError as error:
            self.end(error)
        except Exception as error:
            log.error("live read failed", account=self.wish.account_id, fault=type(error).__name__)
            self.end(Broken())
        return None
