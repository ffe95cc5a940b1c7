"""Around every request: a number to name it by, one log line, and no exception that gets out."""

import secrets
from dataclasses import dataclass
from time import perf_counter

import orjson
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.log import log
from app.web.faults import masked


@dataclass(slots=True)
class Noted:
    """What the log line of a request says; never an address, a key or the text of an operation."""

    request_id: str
    route: str | None = None
    account_id: int | None = None
    operation: str | None = None
    document: str | None = None


class Edge:
    """The outermost layer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handles one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, noted, status = perf_counter(), Noted(secrets.token_hex(8)), 0
        scope.setdefault("state", {})["noted"] = noted

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", noted.request_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            told = {"errors": [masked(error, noted.request_id)]}
            if status == 0:
                await fault(sending, orjson.dumps(told))
        finally:
            log.info(
                "request",
                request_id=noted.request_id,
                method=scope["method"],
                route=noted.route or getattr(scope.get("route"), "path", None),
                status=status,
                ms=round((perf_counter() - began) * 1000, 2),
                account=noted.account_id,
                operation=noted.operation,
                document=noted.document,
            )


async def fault(send: Send, body: bytes) -> None:
    """Answers with a fault of ours."""
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 500, "headers": headers})
    await send({"type": "http.response.body", "body": body})
