"""Why a text message is not taken, a confirmation not asked for or given, or a keyword not made."""

from collections.abc import Sequence
from datetime import datetime

from app.errors import ErrorCode, Refusal


class WordingRequired(Refusal):
    """A double opt-in without the wording that is to be agreed to."""

    code = ErrorCode.CONSENT_EVIDENCE_REQUIRED

    def __init__(self) -> None:
        super().__init__("Give the wording that the person agrees to by confirming.", field=("disclosure",))


class NothingToConfirm(Refusal):
    """An address that is opted in, and about which nothing is claimed."""

    code = ErrorCode.INVALID_STATE

    def __init__(self) -> None:
        super().__init__(
            "This address is opted in already, and no claim about it waits: there is nothing to confirm.",
            field=("channelId",),
        )


class AskedLately(Refusal):
    """A double opt-in that was asked for a moment ago."""

    code = ErrorCode.INVALID_STATE

    def __init__(self, again_at: datetime) -> None:
        super().__init__(
            "This person was asked a moment ago, and is asked at most once in 10 minutes: ask again after "
            f"{again_at:%H:%M:%S} UTC.",
            field=("channelId",),
        )


class CannotBeAsked(Refusal):
    """An address to which no question may be sent."""

    code = ErrorCode.INVALID_STATE

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__(
            f"No message may be sent to this address, so nothing was asked: {', '.join(reasons)}; "
            "its 'sendability' has the evidence.",
            field=("channelId",),
        )


class ConfirmationExpired(Refusal):
    """A confirmation that was good once."""

    code = ErrorCode.INVALID_STATE

    def __init__(self) -> None:
        super().__init__("This confirmation was good for 7 days and has expired; ask for another one.")


class InvalidKeyword(Refusal):
    """A word that cannot be a keyword."""

    def __init__(self, message: str) -> None:
        super().__init__(message, field=("word",))


class InvalidAnswer(Refusal):
    """A text that cannot answer a keyword."""

    def __init__(self, longest: int, *, field: str) -> None:
        super().__init__(f"Give the text that is sent, 1 to {longest} characters.", field=(field,))


class KeywordExists(Refusal):
    """A keyword that the account has already."""

    code = ErrorCode.ALREADY_EXISTS

    def __init__(self, word: str) -> None:
        super().__init__(
            f"There is a keyword {word} already; case, spaces, accents and marks make no difference.", field=("word",)
        )


class TooManyKeywords(Refusal):
    """More keywords than an account may have."""

    code = ErrorCode.LIMIT_EXCEEDED

    def __init__(self, most: int) -> None:
        super().__init__(f"An account has at most {most} keywords.", field=("word",))
