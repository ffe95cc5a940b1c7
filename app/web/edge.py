"""Around every request: a number to name it by, one log line, and no exception that gets out."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import log
from app.web.faults import masked

GONE = 1006  # close codes (RFC 6455, 7.4.1)
FAULT = 1011


@dataclass(slots=True)
class Noted:
    """What the log line of a request says; never an address, a key or the text of an operation."""

    request_id: str
    route: str | None = None
    account_id: int | None = None
    operation: str | None = None
    document: str | None = None
    status: int = 0  # of HTTP; of a WebSocket connection the code with which it was closed


class Edge:
    """The outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request, or one WebSocket connection from its beginning to its end."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        began, noted = perf_counter(), Noted(secrets.token_hex(8))
        scope.setdefault("state", {})["noted"] = noted
        try:
            await (self._request if scope["type"] == "http" else self._connection)(scope, receive, send, noted)
        finally:
            log.info(
                "request" if scope["type"] == "http" else "connection",
                request_id=noted.request_id,
                method=scope.get("method"),
                route=noted.route or getattr(scope.get("route"), "path", None),
                status=noted.status,
                ms=round((perf_counter() - began) * 1000, 2),
                account=noted.account_id,
                operation=noted.operation,
                document=noted.document,
            )

    async def _request(self, scope: Scope, receive: Receive, send: Send, noted: Noted) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                noted.status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", noted.request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            told = {"errors": [masked(error, noted.request_id)]}
            if noted.status == 0:
                await fault(sending, orjson.dumps(told))

    async def _connection(self, scope: Scope, receive: Receive, send: Send, noted: Noted) -> None:
        async def receiving() -> Message:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                noted.status = noted.status or message.get("code", 0)
            return message

        async def sending(message: Message) -> None:
            if message["type"] == "websocket.close":
                noted.status = message.get("code", 1000)
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        except OSError:  # the client is gone
            noted.status = noted.status or GONE
        except Exception as error:
            masked(error, noted.request_id)
            with suppress(Exception):
                await sending({"type": "websocket.close", "code": FAULT})


async def fault(send: Send, body: bytes) -> None:
    """Answers with a fault of ours."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
