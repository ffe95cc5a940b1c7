"""Messages and close codes of the protocol graphql-transport-ws."""

from typing import Any

from starlette.types import Message

from app.errors import RequestError, Unauthenticated
from app.live import Changed, Interrupted, Stopping, TooSlow
from app.web.graphql.requests import parsed
from app.web.requests import HttpError

PROTOCOL = "graphql-transport-ws"
MOST_CHARACTERS = 1_000_000
MOST_BYTES = 4 * MOST_CHARACTERS  # in UTF-8: larger ones are not even taken in
LONGEST_ID = 200
LONGEST_REASON = 123  # bytes (RFC 6455, 5.5)
FAULT = 1011
CODES: dict[type[RequestError], int] = {
    Stopping: 1001,
    Interrupted: 1012,
    Changed: 1012,
    TooSlow: 1013,
    Unauthenticated: 4403,
}


class Closing(Exception):
    """The connection is to be closed with a code."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason.encode()[:LONGEST_REASON].decode(errors="ignore")


def content(message: Message) -> dict[str, Any]:
    """The protocol's message within one of WebSocket. Raises Closing."""
    text = message.get("text")
    if text is None:
        raise Closing(4400, "Send messages as text, not as binary data.")
    if len(text) > MOST_CHARACTERS:
        raise Closing(1009, f"A message has at most {MOST_CHARACTERS} characters.")
    try:
        found = parsed(text.encode(), "The message")
    except HttpError as error:
        raise Closing(4400, str(error)) from None
    if not isinstance(found, dict) or not isinstance(found.get("type"), str):
        raise Closing(4400, 'A message is a JSON object with a "type".')
    return found


def id_of(message: dict[str, Any]) -> str:
    """The id of the operation that a message is about. Raises Closing."""
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= LONGEST_ID:
        raise Closing(4400, f'A message of this type has an "id", a text of 1 to {LONGEST_ID} characters.')
    return id
