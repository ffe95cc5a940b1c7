"""A subscriber, and what waits for it."""

import asyncio
from collections import deque

from app.live.errors import TooSlow

MOST_EVENTS = 1000
MOST_BYTES = 8_000_000


class Room:
    """What may wait for one connection, over all its subscriptions."""

    def __init__(self) -> None:
        self.bytes = 0
        self.freed = asyncio.Event()

    def free(self, size: int) -> None:
        """So many bytes wait no more."""
        self.bytes -= size
        self.freed.set()


class Subscriber:
    """Somebody who is told events, in order, and takes them at a pace of its own."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._waiting: deque[bytes] = deque()
        self._told = asyncio.Event()
        self._latest: bytes | None = None
        self._complete = False
        self._ended: Exception | None = None

    @property
    def is_full(self) -> bool:
        """Whether so much waits that it is told no more until it took some."""
        return self._ended is None and (len(self._waiting) > MOST_EVENTS or self._room.bytes > MOST_BYTES)

    def tell(self, event: bytes) -> None:
        """Lets an event wait for the subscriber."""
        if self._ended is None and not self._complete:
            self._waiting.append(event)
            self._room.bytes += len(event)
            self._told.set()

    def tell_state(self, state: bytes) -> None:
        """The same of how something stands; not what it was told last."""
        if state != self._latest:
            self._latest = state
            self.tell(state)

    def complete(self) -> None:
        """Nothing comes after what waits."""
        self._complete = True
        self._told.set()

    async def drained(self, until: float) -> None:
        """Waits until it can be told more; ends it where it could not at that time of the loop."""
        if not self.is_full:
            return
        try:
            async with asyncio.timeout_at(until):
                while self.is_full:
                    self._room.freed.clear()
                    await self._room.freed.wait()
        except TimeoutError:
            self.end(TooSlow())

    def end(self, why: Exception) -> None:
        """Ends it; what waits is not told any more."""
        if self._ended is None:
            self._ended = why
            self._room.free(sum(map(len, self._waiting)))
            self._waiting.clear()
            self._told.set()

    async def next(self) -> bytes | None:
        """The next event, as soon as there is one; None where none comes any more. Raises why it was ended."""
        while not self._waiting:
            if self._ended is not None:
                raise self._ended
            if self._complete:
                return None
            self._told.clear()
            await self._told.wait()
        event = self._waiting.popleft()
        self._room.free(len(event))
        return event
