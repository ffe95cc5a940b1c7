"""What every request over HTTP has, whatever it asks."""

from collections.abc import Mapping

import orjson
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope

from app.errors import RequestError

JSON_TYPE = "application/json; charset=utf-8"


class HttpError(RequestError):
    """A request that is wrong as HTTP already."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.headers = dict(headers or {})


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name (in lower case); empty where there is none."""
    for key, value in scope["headers"]:
        if key == name:
            return str(value.decode("latin-1"))
    return ""


async def body(scope: Scope, receive: Receive, max_bytes: int) -> bytes:
    """The body, as long as it is not too large."""
    too_large = HttpError(413, f"The body is larger than {max_bytes} bytes; split the request.")
    length = header(scope, b"content-length")
    if length.isdigit() and int(length) > max_bytes:
        raise too_large
    whole: bytes = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        whole += message.get("body", b"")
        if len(whole) > max_bytes:
            raise too_large
        if not message.get("more_body"):
            return whole


#: The status of a request that is refused for what it asks; else 400.
STATUS = {
    "UNAUTHENTICATED": 401,
    "FORBIDDEN": 403,
    "REQUEST_TIMEOUT": 408,
    "OVERLOADED": 503,
    "STORAGE_FULL": 507,
}
RETRIED_AFTER_SECONDS = "5"


def status_of(error: RequestError) -> int:
    """The status of the answer to a request that is refused as a whole."""
    return error.status if isinstance(error, HttpError) else STATUS.get(error.code, 400)


def headers_of(error: RequestError) -> dict[str, str]:
    """The headers that go with it."""
    if isinstance(error, HttpError):
        return error.headers
    return {"retry-after": RETRIED_AFTER_SECONDS} if status_of(error) == 503 else {}


def refusal(error: RequestError) -> Response:
    """The answer to a request that is refused as a whole, in the form of GraphQL's errors."""
    told = {"errors": [{"message": str(error), "extensions": {"code": error.code}}]}
    return Response(orjson.dumps(told), status_of(error), headers_of(error), media_type=JSON_TYPE)
