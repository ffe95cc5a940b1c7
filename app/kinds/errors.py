"""Why a text is no address of its kind."""

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
