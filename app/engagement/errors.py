"""Why an engagement is not recorded."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal
from app.kinds import ChannelKind, EngagementKind


class UnknownContact(Refusal):
    """A contact that the account does not have: malformed, unknown or another account's, all alike."""

    code = ErrorCode.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("No channel is known by this; add the contact first.", field=("contact",))


class ImpossibleKind(Refusal):
    """Something that does not happen on channels of this kind."""

    def __init__(self, kind: EngagementKind, channel_kind: ChannelKind) -> None:
        super().__init__(f"There is no {kind} on {channel_kind}; name a channel of another kind.", field=("kind",))


class InvalidExternalId(Refusal):
    """An id by which nothing could be told apart."""

    def __init__(self, longest: int) -> None:
        super().__init__(
            f"Give the id under which the reporting system knows it, 1 to {longest} characters: the same one again "
            "changes nothing.",
            field=("externalId",),
        )


class InvalidValue(Refusal):
    """A part of an engagement that is not what it must be."""

    def __init__(self, message: str, *, field: Sequence[str]) -> None:
        super().__init__(message, field=field)


class TooMuch(Refusal):
    """More than is taken at once; nothing of it was recorded."""

    code = ErrorCode.LIMIT_EXCEEDED
