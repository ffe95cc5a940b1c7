"""What both ways behind a signed link share: what the link names, pages of other sites, and answers to mistakes."""

from collections.abc import Mapping

import orjson
from starlette.responses import Response
from starlette.types import Scope, Send

from app.errors import ErrorCode, Refusal
from app.signing import BadLink, ExpiredLink, Purpose, Signer, Token
from app.web.edge import Noted
from app.web.requests import JSON_TYPE, HttpError

#: Any page may use a link: the link is all that it takes, and cookies mean nothing here.
ANY_PAGE = (b"access-control-allow-origin", b"*")
PREFLIGHT_SECONDS = 86_400
STATUS = {
    ErrorCode.NOT_FOUND: 404,
    ErrorCode.INVALID_STATE: 409,
    ErrorCode.CONFLICT: 409,
    ErrorCode.LIMIT_EXCEEDED: 413,
}
UNREADABLE = 422
BROKEN = {
    Purpose.IMPORT: "Take the uploadUrl whole, as createImport answered it.",
    Purpose.IMPORT_ERRORS: "Take the errorsUrl of the import whole.",
}
OVER = {
    Purpose.IMPORT: "Create the import again, and send the file to its uploadUrl.",
    Purpose.IMPORT_ERRORS: "Ask for the errorsUrl of the import again.",
}


def for_any_page(send: Send) -> Send:
    """Sends an answer that pages of other sites may read."""

    async def sending(message: Mapping[str, object]) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], ANY_PAGE]}  # type: ignore[misc]
        await send(dict(message))

    return sending


def preflight(method: str) -> Response:
    """The answer to a browser that asks whether a page may do it."""
    headers = {
        "access-control-allow-methods": method,
        "access-control-allow-headers": "*",
        "access-control-max-age": str(PREFLIGHT_SECONDS),
        "allow": f"{method}, OPTIONS",
    }
    return Response(status_code=204, headers=headers)


def read(signer: Signer, purpose: Purpose, scope: Scope) -> Token:
    """What the link names. Raises HttpError where it is not good."""
    try:
        token = signer.read(purpose, scope["path_params"]["token"])
    except ExpiredLink:
        raise HttpError(410, f"This link has expired. {OVER[purpose]}") from None
    except BadLink:
        raise Forged(purpose) from None
    noted: Noted = scope["state"]["noted"]
    noted.account_id = token.account_id
    return token


class Forged(HttpError):
    """A link that was not signed here."""

    code = "FORBIDDEN"

    def __init__(self, purpose: Purpose) -> None:
        super().__init__(403, f"This link is not complete, or was changed. {BROKEN[purpose]}")


def refused(problem: Refusal) -> Response:
    """The answer to what is refused, in the form of GraphQL's errors; `line` is where in the file."""
    told = {"code": problem.code, "line": getattr(problem, "line", None)}
    content = {"errors": [{"message": problem.message, "extensions": told}]}
    return Response(orjson.dumps(content), STATUS.get(problem.code, UNREADABLE), media_type=JSON_TYPE)
