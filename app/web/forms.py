"""The fields of forms that are sent by POST."""

from email.message import Message
from email.parser import BytesParser
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope

from app.web.requests import HttpError, body, header

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
MOST_BYTES = 64 * 1024
MOST_FIELDS = 1_000
Fields = list[tuple[str, str]]


async def form(scope: Scope, receive: Receive) -> Fields:
    """The names and values of a form, in their order; none where there is no body. Raises HttpError: 400, 413, 415."""
    content_type = header(scope, b"content-type")
    kind = content_type.partition(";")[0].strip().lower()
    if not kind and not await body(scope, receive, MOST_BYTES):
        return []
    if kind not in (URLENCODED, MULTIPART):
        raise HttpError(
            415, f"Send a form as {URLENCODED} or {MULTIPART}.", {"accept-post": f"{URLENCODED}, {MULTIPART}"}
        )
    sent = await body(scope, receive, MOST_BYTES)
    try:
        found = urlencoded(sent) if kind == URLENCODED else multipart(content_type, sent)
    except ValueError:
        raise HttpError(400, f"The body is not {kind} in UTF-8.") from None
    if any("\0" in text for field in found for text in field):
        raise HttpError(400, "The form contains the character NUL (U+0000), which no text may.")
    return found


def urlencoded(sent: bytes) -> Fields:
    """The fields of a body as browsers send it. Raises ValueError where it is not UTF-8."""
    return parse_qsl(sent.decode(), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


def multipart(content_type: str, sent: bytes) -> Fields:
    """The fields of a body in parts (RFC 7578); files are left out. Raises ValueError where it is malformed."""
    whole = BytesParser().parsebytes(b"content-type: " + content_type.encode("latin-1") + b"\r\n\r\n" + sent)
    parts = whole.get_payload()
    if not isinstance(parts, list) or len(parts) > MOST_FIELDS:
        raise ValueError(content_type)
    named = (
        (part.get_param("name", header="content-disposition"), part) for part in parts if isinstance(part, Message)
    )
    return [(name, _text(part)) for name, part in named if isinstance(name, str) and part.get_filename() is None]


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    return content.decode() if isinstance(content, bytes) else ""
