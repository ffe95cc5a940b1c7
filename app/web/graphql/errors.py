"""What a client is told of the errors of a document and of its execution."""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from app.errors import RequestError
from app.web.faults import INTERNAL, masked

PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
BAD_USER_INPUT = "BAD_USER_INPUT"


def told(errors: Sequence[GraphQLError], *, otherwise: str, request_id: str) -> list[dict[str, Any]]:
    """The errors as clients get them, each with a code; `otherwise` is the code of the GraphQL library's own."""
    return [_told(error, otherwise, request_id) for error in errors]


def _told(error: GraphQLError, otherwise: str, request_id: str) -> dict[str, Any]:
    cause = root_cause(error)
    if isinstance(cause, RequestError):
        code, message = cause.code, error.message
    elif error.path is None and (cause is None or otherwise != INTERNAL):
        code, message = otherwise, error.message
    else:
        return masked(cause or error, request_id) | {"path": error.path}
    formatted: dict[str, Any] = {"message": message, "extensions": {"code": code}}
    if error.locations:
        formatted["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    return formatted | ({"path": error.path} if error.path else {})


def root_cause(error: GraphQLError) -> Exception | None:
    """What was raised to begin with, where it was not the GraphQL library that objected."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def of_request(error: RequestError) -> dict[str, Any]:
    """An error that concerns the request as a whole."""
    return {"message": str(error), "extensions": {"code": error.code}}
