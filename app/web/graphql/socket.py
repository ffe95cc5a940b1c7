"""GraphQL over WebSocket: the protocol graphql-transport-ws, to the letter of its specification (of graphql-ws).

Strawberry's own handler fails with a traceback on messages that are JSON but not of the protocol's shape, executes past
our limits and plans, and cannot say with which code a connection ends. So this is ours.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from app.accounts.queries import Caller
from app.errors import RequestError, Unauthenticated
from app.live import Broken, Room, TooSlow, Wish, cancelled
from app.web.access import Access
from app.web.edge import Noted
from app.web.faults import masked
from app.web.graphql import errors
from app.web.graphql.executing import Executing, Invalid, Operation, operation
from app.web.graphql.protocol import CODES, FAULT, PROTOCOL, Closing, content, id_of
from app.web.graphql.requests import checked
from app.web.graphql.streams import STUCK_SECONDS, Streams
from app.web.requests import HttpError, header

INIT_SECONDS = 10.0
CLOSING_SECONDS = 3.0
MOST_OPERATIONS = 100
TOO_MANY = {
    "message": f"At most {MOST_OPERATIONS} operations run on a connection at once; complete one, or open another.",
    "extensions": {"code": "THROTTLED"},
}


class Socket:
    """One connection."""

    def __init__(
        self, scope: Scope, receive: Receive, send: Send, *, executing: Executing, access: Access, init_seconds: float
    ) -> None:
        self._scope, self._receive, self._send_message = scope, receive, send
        self._executing = executing
        self._access = access
        self._init_seconds = init_seconds
        self._noted: Noted = scope["state"]["noted"]
        self._sending = asyncio.Lock()
        self._room = Room()
        self._ending: asyncio.Future[Closing | None] = asyncio.get_running_loop().create_future()
        self._following: dict[str, asyncio.Task[None]] = {}  # subscriptions, and queries
        self._answering: dict[str, asyncio.Task[None]] = {}  # mutations: they are not broken off
        self._unheard: set[asyncio.Task[None]] = set()  # mutations whose answers nobody waits for any more
        self._said_hello = False
        self.authorization = ""
        self.caller: Caller | None = None

    async def serve(self, streams: Streams) -> None:
        """Speaks with the client until one of the two ends it."""
        await self._receive()  # that it connects
        if PROTOCOL not in self._scope["subprotocols"]:
            await self._send_message({"type": "websocket.accept"})
            await self._close(Closing(4406, f"Speak the subprotocol {PROTOCOL}."))
            return
        await self._send_message({"type": "websocket.accept", "subprotocol": PROTOCOL})
        too_late = asyncio.get_running_loop().call_later(self._init_seconds, self._greet_or_go)
        receiving = asyncio.create_task(self._receive_all())
        try:
            with streams.holding(self):
                closing = await self._ending
        finally:
            too_late.cancel()
            await cancelled([receiving, *self._following.values()])
        await self._close(closing)
        if changing := {*self._answering.values(), *self._unheard}:
            await asyncio.wait(changing)

    # ---- ending

    def end(self, why: RequestError) -> None:
        """Ends the connection."""
        self._end(Closing(CODES[type(why)], "Forbidden" if isinstance(why, Unauthenticated) else str(why)))

    def _end(self, closing: Closing | None) -> None:
        if not self._ending.done():
            self._ending.set_result(closing)

    def _fail(self, error: Exception) -> None:
        """Ends the connection for a fault of ours."""
        masked(error, self._noted.request_id)
        self._end(Closing(FAULT, "Something went wrong on our side."))

    def _greet_or_go(self) -> None:
        if self.caller is None:
            self._end(Closing(4408, "Connection initialisation timeout"))

    async def _close(self, closing: Closing | None) -> None:
        """Closes it, as far as the client lets it; None: the client did."""
        if closing is None:
            return
        with suppress(TimeoutError, OSError):
            async with asyncio.timeout(CLOSING_SECONDS):
                await self._send_message({"type": "websocket.close", "code": closing.code, "reason": closing.reason})

    # ---- what comes in

    async def _receive_all(self) -> None:
        """Takes messages, one after the other: what follows a subscription is answered once that is in force."""
        try:
            while (message := await self._receive())["type"] != "websocket.disconnect":
                await self._take(content(message))
            self._end(None)
        except Closing as closing:
            self._end(closing)
        except Exception as error:
            self._fail(error)

    async def _take(self, message: dict[str, Any]) -> None:
        take: dict[str, Callable[[dict[str, Any]], Awaitable[None]]] = {
            "connection_init": self._init,
            "ping": self._ping,
            "pong": self._pong,
            "subscribe": self._subscribe,
            "complete": self._complete,
        }
        if message["type"] not in take:
            raise Closing(4400, f"There is no message of the type {message['type']:.40}.")
        await take[message["type"]](message)

    async def _init(self, message: dict[str, Any]) -> None:
        payload = message.get("payload") or {}
        if not isinstance(payload, dict):
            raise Closing(4400, "The payload of connection_init is a JSON object.")
        if self._said_hello:
            raise Closing(4429, "Too many initialisation requests")
        self._said_hello = True
        given = next((value for name, value in payload.items() if name.lower() == "authorization"), None)
        self.authorization = str(given or header(self._scope, b"authorization"))
        try:
            caller = await self._access.caller_now(self.authorization)
        except Unauthenticated:
            raise Closing(4403, "Forbidden") from None
        self._noted.account_id = caller.account_id
        await self._send({"type": "connection_ack"})
        self.caller = caller

    async def _ping(self, _: dict[str, Any]) -> None:
        await self._send({"type": "pong"})

    async def _pong(self, _: dict[str, Any]) -> None:
        pass

    async def _complete(self, message: dict[str, Any]) -> None:
        """Forgets an operation: its id is free from here on, and nothing more is told on it."""
        id = id_of(message)
        if following := self._following.pop(id, None):
            following.cancel()
        elif answering := self._answering.pop(id, None):
            self._unheard.add(answering)
            answering.add_done_callback(self._unheard.discard)

    async def _subscribe(self, message: dict[str, Any]) -> None:
        if self.caller is None:
            raise Closing(4401, "Unauthorized")
        id = id_of(message)
        if id in self._following or id in self._answering:
            raise Closing(4409, f"Subscriber for {id} already exists")
        try:
            asked = checked(message.get("payload"))
        except HttpError as error:
            raise Closing(4400, str(error)) from None
        if len(self._following) + len(self._answering) + len(self._unheard) >= MOST_OPERATIONS:
            await self._refuse(id, [TOO_MANY])
            return
        await self._begin(id, operation(asked), self.caller)

    # ---- operations

    async def _begin(self, id: str, begun: Operation, caller: Caller) -> None:
        try:
            self._executing.check(begun, caller, self._noted.request_id)
            if begun.follows:
                await self._follow(id, await self._executing.wish(begun, caller, self._noted.request_id))
            else:
                self._start(id, self._following if begun.reads else self._answering, self._answer(id, begun, caller))
        except Invalid as invalid:
            await self._refuse(id, invalid.content["errors"])
        except RequestError as error:
            await self._refuse(id, [errors.of_request(error)])

    def _start(self, id: str, among: dict[str, asyncio.Task[None]], work: Any) -> None:
        task = among[id] = asyncio.create_task(work)

        def done(_: asyncio.Task[None]) -> None:
            if among.get(id) is task:  # the id may be another's by now
                del among[id]

        task.add_done_callback(done)

    async def _answer(self, id: str, begun: Operation, caller: Caller) -> None:
        """Answers a query or a mutation, unless the client completed it meanwhile."""
        try:
            answer = await self._executing.answer(begun, caller, self._noted.request_id)
            told: list[dict[str, Any]] = [{"id": id, "type": "next", "payload": answer}, {"id": id, "type": "complete"}]
        except Invalid as invalid:
            told = [{"id": id, "type": "error", "payload": invalid.content["errors"]}]
        except Exception as error:
            told = [{"id": id, "type": "error", "payload": [masked(error, self._noted.request_id)]}]
        for message in told:
            if asyncio.current_task() not in self._unheard:
                await self._send(message)

    async def _follow(self, id: str, wish: Wish) -> None:
        """Begins a subscription; done when it is in force."""
        in_force = asyncio.Event()
        self._start(id, self._following, self._tell(id, wish, in_force))
        await in_force.wait()

    async def _tell(self, id: str, wish: Wish, in_force: asyncio.Event) -> None:
        """Sends events until the subscription ends."""
        start = f'{{"id":{orjson.dumps(id).decode()},"type":"next","payload":'
        try:
            async with self._executing.feed.following(wish, self._room) as subscriber:
                in_force.set()
                while (event := await subscriber.next()) is not None:
                    await self._send_text(f"{start}{event.decode()}}}")
            await self._send({"id": id, "type": "complete"})
        except RequestError as error:
            if type(error) in CODES:
                self.end(error)
            else:
                await self._refuse(id, [errors.of_request(error)])
        except Broken as broken:
            await self._refuse(id, [masked(broken, self._noted.request_id)])
        except Exception as error:
            self._fail(error)
        finally:
            in_force.set()

    # ---- what goes out

    async def _refuse(self, id: str, told: list[dict[str, Any]]) -> None:
        await self._send({"id": id, "type": "error", "payload": told})

    async def _send(self, message: dict[str, Any]) -> None:
        await self._send_text(orjson.dumps(message).decode())

    async def _send_text(self, text: str) -> None:
        """Sends a message; ends the connection where the client takes none."""
        try:
            async with self._sending, asyncio.timeout(STUCK_SECONDS):
                await self._send_message({"type": "websocket.send", "text": text})
        except TimeoutError:
            self.end(TooSlow())
        except OSError:  # it is gone
            self._end(None)
