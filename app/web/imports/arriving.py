"""A body as it comes: no more of it is received than is taken."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from app.errors import RequestError
from app.web.requests import HttpError

STALLED_SECONDS = 10.0
CLOSING = {"connection": "close"}


class Stalled(HttpError):
    """Nothing came for too long."""

    code = "REQUEST_TIMEOUT"

    def __init__(self, seconds: float) -> None:
        super().__init__(408, f"Nothing came for {seconds:.0f} seconds. Send the whole file again.", CLOSING)


class Stopping(RequestError):
    """The server is to stop."""

    code = "OVERLOADED"

    def __init__(self) -> None:
        super().__init__("The server stops. Send the whole file again.")


class Arriving:
    """The body of one request."""

    def __init__(self, receive: Receive, *, stalled_seconds: float = STALLED_SECONDS) -> None:
        self._receive = receive
        self._stalled_seconds = stalled_seconds
        self._waiting: asyncio.Timeout | None = None
        self._stopped = False

    def stop(self) -> None:
        """Receives nothing more: who reads it is told that the server stops."""
        self._stopped = True
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Its parts. Raises Stalled, Stopping and ClientDisconnect."""
        more = True
        while more:
            message = await self._next()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            yield message.get("body", b"")
            more = message.get("more_body", False)

    async def _next(self) -> Message:
        try:
            async with asyncio.timeout(0 if self._stopped else self._stalled_seconds) as self._waiting:
                return await self._receive()
        except TimeoutError:
            why = Stopping() if self._stopped else Stalled(self._stalled_seconds)
            raise why from None
        finally:
            self._waiting = None
