"""The GraphQL endpoint."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import orjson
from graphql import ExecutionResult
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

import graphql_schema
from app.accounts.queries import Caller
from app.accounts.rules import Scope as KeyScope
from app.db import Database
from app.errors import Forbidden, RequestError
from app.signing import Signer
from app.web import graphiql
from app.web.access import Access
from app.web.edge import Noted
from app.web.faults import INTERNAL
from app.web.graphql import errors
from app.web.graphql.negotiation import GRAPHQL, HTML, JSON, preferred
from app.web.graphql.requests import Asked, asked
from app.web.requests import HttpError, header

STATUS = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "OVERLOADED": 503, "STORAGE_FULL": 507}


class GraphQL:
    """Answers GraphQL requests over HTTP; shows GraphiQL to browsers."""

    def __init__(
        self,
        database: Database,
        *,
        now: Callable[[], datetime],
        secret: bytes,
        signer: Signer,
        max_bytes: int,
        demo_key: str | None,
    ) -> None:
        self._database = database
        self._access = Access(database)
        self._now = now
        self._secret = secret
        self._signer = signer
        self._max_bytes = max_bytes
        self._demo_key = demo_key

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        response = await self._respond(scope, receive)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        accept = header(scope, b"accept")
        if scope["method"] == "GET" and b"query=" not in scope["query_string"] and likes_html(accept):
            return graphiql.page(self._demo_key)
        type_ = preferred(accept, (JSON, GRAPHQL))
        noted: Noted = scope["state"]["noted"]
        noted.route = scope["path"]
        try:
            if type_ is None:
                raise HttpError(406, f"Only {GRAPHQL} and {JSON} are served here.")
            caller = await self._access.caller(header(scope, b"authorization"))
            noted.account_id = caller.account_id
            found = await asked(scope, receive, max_bytes=self._max_bytes)
            return await self._answer(scope["method"], found, caller, type_, noted)
        except RequestError as error:
            status = error.status if isinstance(error, HttpError) else STATUS.get(error.code, 400)
            headers = error.headers if isinstance(error, HttpError) else {}
            return answer({"errors": [errors.of_request(error)]}, type_ or GRAPHQL, status, headers)

    async def _answer(self, method: str, asked: Asked, caller: Caller, type_: str, noted: Noted) -> Response:
        document = graphql_schema.document(asked.query)
        noted.document = document.fingerprint
        if document.parsed is None or document.errors:
            code = errors.VALIDATION_FAILED if document.parsed else errors.PARSE_FAILED
            told = errors.told(document.errors, otherwise=code, request_id=noted.request_id)
            return answer({"errors": told}, type_, 400 if type_ == GRAPHQL else 200)
        self._check_operation(document, asked, caller, method, noted)
        context = graphql_schema.Context(
            self._database, caller, self._now, self._secret, self._signer, asked.idempotency_key
        )
        result = await graphql_schema.run(
            document, variables=asked.variables, operation_name=asked.operation_name, context=context
        )
        return executed(result, type_, noted.request_id)

    def _check_operation(
        self, document: graphql_schema.Document, asked: Asked, caller: Caller, method: str, noted: Noted
    ) -> None:
        """Refuses mutations by GET, and operations that the key has no scope for."""
        operation = document.operation(asked.operation_name)
        name = operation.definition.name if operation else None
        noted.operation = name.value if name else None
        reads = graphql_schema.is_query(operation)
        if method == "GET" and not reads:
            raise HttpError(405, "GET is for queries; send mutations by POST.", {"allow": "POST"})
        needed = KeyScope.READ if reads else KeyScope.WRITE
        if needed not in caller.scopes:
            raise Forbidden(needed)


def likes_html(accept: str) -> bool:
    """Whether it is a browser that asks for a page."""
    return preferred(accept, (JSON, HTML)) == HTML


def executed(result: ExecutionResult, type_: str, request_id: str) -> Response:
    """The answer of an execution. Without data for a request that was not executed, such as with a missing variable."""
    if not result.errors:
        return answer({"data": result.data}, type_, 200)
    begun = result.data is not None or any(error.path is not None for error in result.errors)
    code = INTERNAL if begun else errors.BAD_USER_INPUT
    told = errors.told(result.errors, otherwise=code, request_id=request_id)
    if begun:
        return answer({"errors": told, "data": result.data}, type_, 200)
    return answer({"errors": told}, type_, 400 if type_ == GRAPHQL else 200)


def answer(content: dict[str, Any], type_: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A response; what the database finished goes into it untouched."""
    return Response(orjson.dumps(content), status, headers, media_type=f"{type_}; charset=utf-8")
