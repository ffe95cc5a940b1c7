"""The streams that are open: they end when the server stops, and when their keys hold no more."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from app.accounts.queries import Caller
from app.errors import RequestError, Unauthenticated
from app.live import Changed, Stopping
from app.log import log
from app.web.access import Access

LOOKED_AFTER_SECONDS = 0.5
STUCK_SECONDS = 10.0  # how long a client may take nothing of what is sent


class Stream(Protocol):
    """A connection over which a client follows what happens."""

    authorization: str
    caller: Caller | None  # None until it said its key

    def end(self, why: RequestError) -> None:
        """Ends it."""
        ...


class Streams:
    """All that are open in this process."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._open: set[Stream] = set()
        self._stopping = False

    @contextmanager
    def holding(self, stream: Stream) -> Iterator[None]:
        """Counts a stream as open."""
        self._open.add(stream)
        if self._stopping:
            stream.end(Stopping())
        try:
            yield
        finally:
            self._open.discard(stream)

    def stop(self) -> None:
        """Ends them all, and all that are opened from here on."""
        self._stopping = True
        for stream in tuple(self._open):
            stream.end(Stopping())

    async def look_after(self) -> None:
        """Ends, again and again, those whose keys were revoked or changed."""
        while True:
            await asyncio.sleep(LOOKED_AFTER_SECONDS)
            for stream in tuple(self._open):
                if stream.caller is not None:
                    await self._check(stream, stream.caller)

    async def _check(self, stream: Stream, caller: Caller) -> None:
        """Access remembers keys for a second, so that each is looked up once, however many streams it has."""
        try:
            if await self._access.caller(stream.authorization) != caller:
                stream.end(Changed())
        except Unauthenticated as revoked:
            stream.end(revoked)
        except Exception as error:  # the database is away: the next round will tell
            log.error("streams not looked after", fault=type(error).__name__)
