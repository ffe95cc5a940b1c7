"""GraphQL over server-sent events: the distinct connections mode of graphql-sse, a response for each operation."""

import asyncio
from contextlib import suppress
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from app.accounts.queries import Caller
from app.errors import RequestError
from app.live import Broken, Feed, Room, Subscriber, Wish
from app.web.faults import masked
from app.web.graphql import errors
from app.web.graphql.negotiation import EVENTS
from app.web.graphql.streams import STUCK_SECONDS, Streams

KEPT_ALIVE_SECONDS = 12.0
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
STARTING = [(b"content-type", f"{EVENTS}; charset=utf-8".encode())]
STARTING += [(name.encode(), value.encode()) for name, value in HEADERS.items()]
COMPLETE = b"event: complete\ndata: \n\n"
ALIVE = b":\n\n"


def single(content: dict[str, Any]) -> Response:
    """The one answer of an operation that is no subscription, or was not begun."""
    return Response(next_event(orjson.dumps(content)) + COMPLETE, headers=HEADERS, media_type=EVENTS)


def next_event(content: bytes) -> bytes:
    """The event that carries an answer; a line break in JSON is no more than a space."""
    return b"event: next\ndata: " + content.replace(b"\n", b" ").replace(b"\r", b" ") + b"\n\n"


class Events:
    """The events of one subscription, as a response."""

    def __init__(
        self, feed: Feed, streams: Streams, wish: Wish, *, caller: Caller, authorization: str, request_id: str
    ) -> None:
        self._feed = feed
        self._streams = streams
        self._wish = wish
        self._subscriber: Subscriber | None = None
        self.caller: Caller | None = caller
        self.authorization = authorization
        self._request_id = request_id

    def end(self, why: RequestError) -> None:
        """Ends it."""
        if self._subscriber is not None:
            self._subscriber.end(why)

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        """Sends events until the client leaves or the subscription ends. Raises NotHeard before anything is sent."""
        async with self._feed.following(self._wish, Room()) as self._subscriber:
            with self._streams.holding(self):
                leaving = asyncio.create_task(left(receive))
                sending = asyncio.create_task(self._send_all(self._subscriber, send))
                try:
                    await asyncio.wait({leaving, sending}, return_when=asyncio.FIRST_COMPLETED)
                finally:
                    leaving.cancel()
                    sending.cancel()
                    await asyncio.wait({leaving, sending})

    async def _send_all(self, subscriber: Subscriber, send: Send) -> None:
        """Sends what the subscriber is told; a client that takes nothing for long is cut off."""
        with suppress(TimeoutError):
            await sent(send, {"type": "http.response.start", "status": 200, "headers": STARTING})
            await sent(send, part(ALIVE))
            try:
                while (event := await told(subscriber)) is not None:
                    await sent(send, part(event))
                await sent(send, part(COMPLETE, more=False))
            except RequestError as ended:
                await sent(send, last(errors.of_request(ended)))
            except Broken as broken:
                await sent(send, last(masked(broken, self._request_id)))


def part(content: bytes, *, more: bool = True) -> Message:
    """A part of the response's body."""
    return {"type": "http.response.body", "body": content, "more_body": more}


def last(error: dict[str, Any]) -> Message:
    """The end of the response's body: why nothing more is told."""
    return part(next_event(orjson.dumps({"errors": [error]})) + COMPLETE, more=False)


async def sent(send: Send, message: Message) -> None:
    """Sends a message. Raises TimeoutError where the client takes none."""
    async with asyncio.timeout(STUCK_SECONDS):
        await send(message)


async def told(subscriber: Subscriber) -> bytes | None:
    """The next event, None where none comes any more; after a while without one, a sign of life."""
    try:
        async with asyncio.timeout(KEPT_ALIVE_SECONDS):
            event = await subscriber.next()
            return None if event is None else next_event(event)
    except TimeoutError:
        return ALIVE


async def left(receive: Receive) -> None:
    """Waits until the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
