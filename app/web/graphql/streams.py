"""The streams that are open: they end when the server stops, and when their keys hold no more."""

import asyncio
from collections.abc import Iterator, Sequence
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
            by_key: dict[str, list[Stream]] = {}
            for stream in self._open:
                if stream.caller is not None:
                    by_key.setdefault(stream.authorization, []).append(stream)
            for authorization, streams in by_key.items():
                await self._check(authorization, streams)

    async def _check(self, authorization: str, streams: Sequence[Stream]) -> None:
        """Looks the key up once, however many streams it has."""
        try:
            caller = await self._access.caller_now(authorization)
        except Unauthenticated as revoked:
            end_all(streams, revoked)
        except Exception as error:  # the database is away: the next round will tell
            log.error("streams not looked after", fault=type(error).__name__)
        else:
            end_all([stream for stream in streams if stream.caller != caller], Changed())


def end_all(streams: Sequence[Stream], why: RequestError) -> None:
    """Ends them."""
    for stream in streams:
        stream.end(why)
