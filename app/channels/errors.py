"""Why what came with a contact is refused."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal


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
