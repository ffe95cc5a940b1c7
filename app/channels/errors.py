"""Why what came with a contact is refused."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal


class InvalidEmail(Refusal):
    """Not an address that mail could reach."""

    code = ErrorCode.INVALID_EMAIL

    def __init__(self, reason: str, *, field: Sequence[str]) -> None:
        super().__init__(f"This is not an email address: {reason}", field=field)


class InvalidPhone(Refusal):
    """Not a number that a message could reach."""

    code = ErrorCode.INVALID_PHONE

    def __init__(self, reason: str, region: str, *, field: Sequence[str]) -> None:
        super().__init__(
            f"This is not a valid phone number read in region {region}: {reason}. "
            "Give it with its country code, such as +14155552671, or name the region.",
            field=field,
        )


class UnknownRegion(Refusal):
    """Not a region that has phone numbers."""

    def __init__(self, region: str, *, field: Sequence[str]) -> None:
        super().__init__(f"'{region}' is not a region; give two letters of ISO 3166, such as US.", field=field)


class InvalidFields(Refusal):
    """Custom fields that cannot be kept."""


class TooManyFields(InvalidFields):
    """More than the limits allow."""

    code = ErrorCode.LIMIT_EXCEEDED


class Erased(Refusal):
    """An address whose owner had it erased."""

    code = ErrorCode.ERASED

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__(
            "This address was erased. It is taken up again only with an opt-in for it whose own time (occurredAt) is "
            "later than the erasure.",
            field=field,
        )


class InvalidTag(Refusal):
    """A tag that cannot be kept."""


class TextTooLong(Refusal):
    """A text over its limit."""

    code = ErrorCode.LIMIT_EXCEEDED

    def __init__(self, limit: int, *, field: Sequence[str]) -> None:
        super().__init__(f"This text is longer than {limit} characters.", field=field)
