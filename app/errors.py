"""What every refusal has in common. Each domain declares its own refusals in its `errors` module."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID


class ErrorCode(StrEnum):
    """What kind of mistake a refusal names; part of the public contract."""

    INVALID_EMAIL = "INVALID_EMAIL"
    INVALID_PHONE = "INVALID_PHONE"
    INVALID_VALUE = "INVALID_VALUE"
    IDENTIFIER_REQUIRED = "IDENTIFIER_REQUIRED"
    BLOCKED_IDENTIFIER = "BLOCKED_IDENTIFIER"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    CONSENT_EVIDENCE_REQUIRED = "CONSENT_EVIDENCE_REQUIRED"
    CONSENT_REFUSED = "CONSENT_REFUSED"
    CHANNEL_LIMIT = "CHANNEL_LIMIT"
    ERASED = "ERASED"
    SUPPRESSED = "SUPPRESSED"
    CONFLICT = "CONFLICT"
    LIMIT_EXCEEDED = "LIMIT_EXCEEDED"
    INVALID_STATE = "INVALID_STATE"


class Refusal(Exception):
    """A user's mistake: the operation changed nothing, and the message says what to do.

    `field` is the path of the mistaken value within the operation's input, in the API's spelling; `ids` are of objects
    that stand in the way.
    """

    code: ErrorCode = ErrorCode.INVALID_VALUE

    def __init__(self, message: str, *, field: Sequence[str] = (), ids: Sequence[UUID] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.field = tuple(field)
        self.ids = tuple(ids)


class Refusals(Exception):
    """Several mistakes in one input, told together."""

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        super().__init__("; ".join(refusal.message for refusal in refusals))
        self.refusals = tuple(refusals)


def each_of(error: Refusal | Refusals) -> tuple[Refusal, ...]:
    """The mistakes, one or several."""
    return error.refusals if isinstance(error, Refusals) else (error,)


class RequestError(Exception):
    """A request that cannot be answered at all; told at the top level with its code, never beside a form field."""

    code = "BAD_USER_INPUT"


class BadInput(RequestError):
    """An argument that no answer can be given to, such as a foreign cursor."""


class Unauthenticated(RequestError):
    """No key, or none that is in force."""

    code = "UNAUTHENTICATED"

    def __init__(self) -> None:
        super().__init__("Send a valid API key as 'Authorization: Bearer <key>'.")


class Forbidden(RequestError):
    """A key without the scope that the field needs."""

    code = "FORBIDDEN"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This API key lacks the scope {scope}.")


class Overloaded(RequestError):
    """Too much waits already; nothing was done."""

    code = "OVERLOADED"

    def __init__(self) -> None:
        super().__init__("Too many changes are waiting. Nothing was changed; try again shortly.")


class Unreachable(Overloaded):
    """The database cannot be reached; nothing was done."""

    def __init__(self) -> None:
        RequestError.__init__(self, "The database cannot be reached. Nothing was changed; try again shortly.")


class StorageFull(RequestError):
    """The database has no room left; nothing was done."""

    code = "STORAGE_FULL"

    def __init__(self) -> None:
        super().__init__("The storage is full. Nothing was changed; reading still works.")
