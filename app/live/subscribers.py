"""A subscriber, and what waits for it."""

import asyncio
from collections import deque

from app.errors import RequestError
from app.live.errors import TooSlow

MOST_EVENTS = 1000
MOST_BYTES = 8_000_000


class Subscriber:
    """Somebody who is told events, in order, and takes them at a pace of its own, as long as not too many wait."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._told = asyncio.Event()
        self._ended: RequestError | None = None

    def tell(self, event: bytes) -> None:
        """Lets an event wait for the subscriber; ends it where too many wait."""
        if self._ended is not None:
            return
        self._waiting.append(event)
        self._bytes += len(event)
        self._told.set()
        if len(self._waiting) > MOST_EVENTS or self._bytes > MOST_BYTES:
            self.end(TooSlow())

    def end(self, why: RequestError) -> None:
        """Ends it; what waits is not told any more."""
        if self._ended is None:
            self._ended = why
            self._waiting.clear()
            self._told.set()

    async def next(self) -> bytes:
        """The next event, as soon as there is one. Raises why it was ended."""
        while not self._waiting:
            if self._ended is not None:
                raise self._ended
            self._told.clear()
            await self._told.wait()
        event = self._waiting.popleft()
        self._bytes -= len(event)
        return event
