"""What every request over HTTP has, whatever it asks."""

from collections.abc import Mapping

from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope

from app.errors import RequestError


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
