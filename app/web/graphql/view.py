"""The GraphQL endpoint."""

from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.accounts.queries import Caller
from app.errors import RequestError
from app.web import graphiql
from app.web.access import Access
from app.web.edge import Noted
from app.web.graphql import errors
from app.web.graphql.events import Events, single
from app.web.graphql.executing import Executing, Invalid, Operation, operation
from app.web.graphql.negotiation import EVENTS, GRAPHQL, HTML, JSON, names, preferred
from app.web.graphql.protocol import PROTOCOL
from app.web.graphql.requests import Asked, asked
from app.web.graphql.socket import INIT_SECONDS, Socket
from app.web.graphql.streams import Streams
from app.web.requests import HttpError, header

STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "THROTTLED": 429, "OVERLOADED": 503, "STORAGE_FULL": 507}
OFFERED = (JSON, GRAPHQL, EVENTS)


class GraphQL:
    """Answers GraphQL requests over HTTP, server-sent events and WebSocket; shows GraphiQL to browsers."""

    def __init__(self, executing: Executing, *, max_bytes: int, demo_key: str | None) -> None:
        self._executing = executing
        self._access = Access(executing.database)
        self.streams = Streams(self._access)
        self._max_bytes = max_bytes
        self._demo_key = demo_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request, or speaks with a client as long as a connection stands."""
        noted: Noted = scope["state"]["noted"]
        if scope["type"] == "websocket":
            noted.route = scope["path"]
            socket = Socket(
                scope, receive, send, executing=self._executing, access=self._access, init_seconds=INIT_SECONDS
            )
            await socket.serve(self.streams)
            return
        accept = header(scope, b"accept")
        if scope["method"] == "GET" and b"query=" not in scope["query_string"] and likes_html(accept):
            response: ASGIApp = graphiql.page(self._demo_key)
        else:
            noted.route = scope["path"]
            response = await self._respond(scope, receive, accept, noted)
        try:
            await response(scope, receive, send)
        except RequestError as error:  # nothing was sent yet
            await refused(error, GRAPHQL)(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, accept: str, noted: Noted) -> ASGIApp:
        type_ = preferred(accept, OFFERED)
        try:
            if type_ is None:
                raise HttpError(406, f"Only {GRAPHQL}, {JSON} and {EVENTS} are served here.")
            authorization = header(scope, b"authorization")
            caller = await self._access.caller(authorization)
            noted.account_id = caller.account_id
            found = await asked(scope, receive, max_bytes=self._max_bytes)
            return await self._answer(scope, found, caller, type_, noted)
        except RequestError as error:
            return refused(error, type_ if type_ in (GRAPHQL, JSON) else GRAPHQL)

    async def _answer(self, scope: Scope, found: Asked, caller: Caller, type_: str, noted: Noted) -> ASGIApp:
        begun = operation(found)
        noted.document, noted.operation = begun.document.fingerprint, begun.name
        if begun.follows and names(header(scope, b"accept"), EVENTS):
            type_ = EVENTS
        if begun.follows:  # from here on the key is looked after
            caller = await self._access.caller_now(header(scope, b"authorization"))
        try:
            self._executing.check(begun, caller, noted.request_id)
            if begun.follows:
                check_stream(type_)
                wish = await self._executing.wish(begun, caller, noted.request_id)
                return Events(
                    self._executing.feed,
                    self.streams,
                    wish,
                    caller=caller,
                    authorization=header(scope, b"authorization"),
                    request_id=noted.request_id,
                )
            check_method(scope["method"], begun)
            return answer(await self._executing.answer(begun, caller, noted.request_id), type_, 200)
        except Invalid as invalid:
            return answer(invalid.content, type_, 400 if type_ == GRAPHQL else 200)


def check_stream(type_: str) -> None:
    """Raises HttpError for a subscription that asks for a single answer."""
    if type_ != EVENTS:
        raise HttpError(
            406, f"A subscription is followed over WebSocket ({PROTOCOL}), or with 'Accept: {EVENTS}', at this address."
        )


def check_method(method: str, begun: Operation) -> None:
    """Raises HttpError for a mutation by GET."""
    if method == "GET" and not begun.reads:
        raise HttpError(405, "GET is for queries; send mutations by POST.", {"allow": "POST"})


def likes_html(accept: str) -> bool:
    """Whether it is a browser that asks for a page."""
    return preferred(accept, (JSON, HTML)) == HTML


def refused(error: RequestError, type_: str) -> Response:
    """The answer to a request that is refused as a whole."""
    status = error.status if isinstance(error, HttpError) else STATUS.get(error.code, 400)
    headers = error.headers if isinstance(error, HttpError) else {}
    return answer({"errors": [errors.of_request(error)]}, type_, status, headers)


def answer(content: dict[str, Any], type_: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A response; what the database finished goes into it untouched."""
    if type_ == EVENTS:
        return single(content)
    return Response(orjson.dumps(content), status, headers, media_type=f"{type_}; charset=utf-8")
