"""Why a profile cannot be changed."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal


class ProfileNotFound(Refusal):
    """Malformed, unknown or another account's: all alike."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__("There is no profile with this id.", field=field)


class ChannelNotFound(Refusal):
    """Malformed, unknown or another account's: all alike."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__("There is no channel with this id.", field=field)


class ChannelNotInProfile(Refusal):
    """A channel that the profile does not have."""

    code = ErrorCode.NOT_FOUND

    def __init__(self, *, field: Sequence[str]) -> None:
        super().__init__("The profile has no such channel.", field=field)


class ReasonRequired(Refusal):
    """A decision by hand without its reason."""

    def __init__(self) -> None:
        super().__init__("Say why, for whoever asks later.", field=("reason",))
