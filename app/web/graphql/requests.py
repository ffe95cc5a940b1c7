"""What a GraphQL request asks, taken out of its HTTP request."""

from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

import orjson
from starlette.datastructures import QueryParams
from starlette.types import Receive, Scope

from app.idempotency import rules
from app.nesting import levels
from app.web.graphql.negotiation import JSON
from app.web.requests import HttpError, body, header


@dataclass(frozen=True, slots=True)
class Asked:
    """A document and what goes with it."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    idempotency_key: str | None = None


async def asked(scope: Scope, receive: Receive, *, max_bytes: int) -> Asked:
    """What a request asks. Raises HttpError: 405, 413, 415, or 400 for what is no GraphQL request; or InvalidKey."""
    if scope["method"] == "GET":
        return of_parameters(dict(QueryParams(scope["query_string"])))
    if scope["method"] != "POST":
        raise HttpError(405, "GraphQL is asked by POST, or by GET for queries.", {"allow": "GET, POST"})
    if header(scope, b"content-type").partition(";")[0].strip().lower() != JSON:
        raise HttpError(415, f"Send the request as {JSON}.", {"accept-post": JSON})
    key = header(scope, b"idempotency-key")
    found = checked(parsed(await body(scope, receive, max_bytes), "The body"))
    return replace(found, idempotency_key=rules.checked(key)) if key else found


def of_parameters(given: dict[str, Any]) -> Asked:
    """What the parameters of a GET ask; two of them are JSON."""
    for name in ("variables", "extensions"):
        if given.get(name):
            given[name] = parsed(given[name].encode(), f"The parameter '{name}'")
        else:
            given.pop(name, None)
    return checked(given)


def parsed(text: bytes, what: str) -> Any:
    """The JSON of a text, in UTF-8, without NUL and lone surrogates."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise HttpError(400, f"{what} is not JSON in UTF-8: {error}") from None
    if b"\\u0000" in text and holds_nul(found):
        raise HttpError(400, f"{what} contains the character NUL (U+0000), which no text may.")
    return found


def holds_nul(value: Any) -> bool:
    """Whether any text within the JSON value contains NUL."""
    return any(map(_tells_nul, chain.from_iterable(levels(value))))


def _tells_nul(value: Any) -> bool:
    """Whether a text, or the name of an object's member, contains NUL."""
    texts = value if isinstance(value, dict) else [value] if isinstance(value, str) else ()
    return any("\0" in text for text in texts)


def checked(given: Any) -> Asked:
    """The parts of a request, each of its type. Raises HttpError."""
    if not isinstance(given, dict):
        raise HttpError(400, 'A GraphQL request is a JSON object, such as {"query": "{ viewer { scopes } }"}.')
    query = given.get("query")
    if not isinstance(query, str) or not query.strip():
        raise HttpError(400, "The request has no 'query'; send the text of a GraphQL document there.")
    for name, type_, text in (("variables", dict, "a JSON object"), ("extensions", dict, "a JSON object")):
        if given.get(name) is not None and not isinstance(given[name], type_):
            raise HttpError(400, f"'{name}' must be {text}.")
    operation_name = given.get("operationName")
    if operation_name is not None and not isinstance(operation_name, str):
        raise HttpError(400, "'operationName' must be a text.")
    return Asked(query, given.get("variables") or {}, operation_name or None)
