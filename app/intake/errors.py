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


class InvalidForm(Refusal):
    """A form that cannot be made so."""

    def __init__(self, message: str, field: Sequence[str]) -> None:
        super().__init__(message, field=field)


class FormNotFound(Refusal):
    """No form of the account has that id."""

    code = ErrorCode.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no form with this id; 'forms' lists them.", field=("formId",))


class InvalidValues(Refusal):
    """Values that are no object by keys, or an address that is no text."""

    def __init__(self, keys: Sequence[str], *, field: Sequence[str] = ("values",)) -> None:
        example = f'{{"{keys[0] if keys else "emailAddress"}": "…"}}'
        message = f"Give values by the keys of the form's fields, such as {example}; addresses are texts."
        super().__init__(message, field=field)


class UnknownField(Refusal):
    """A value for a field that the form does not have."""

    def __init__(self, key: str, keys: Sequence[str]) -> None:
        message = f"The form has no field '{key}'; it has {', '.join(keys) or 'none that is still asked'}."
        super().__init__(message, field=("values", key))


class FieldRequired(Refusal):
    """A field that was left blank."""

    def __init__(self, key: str, label: str, *, either: bool = False, agreed: bool = False) -> None:
        self.code = ErrorCode.IDENTIFIER_REQUIRED if either or agreed else ErrorCode.INVALID_VALUE
        message = f"Fill in '{label}'."
        if either:
            message = f"Fill in '{label}', or the other address."
        if agreed:
            message = f"Fill in '{label}', or do not agree to messages there."
        super().__init__(message, field=("values", key))


class UnknownConsent(Refusal):
    """A consent that the form does not ask for."""

    def __init__(self, key: str, keys: Sequence[str]) -> None:
        asks = f"these do: {', '.join(keys)}" if keys else "none of its fields does"
        super().__init__(f"The field '{key}' of the form asks for no consent; {asks}.", field=("consents",))
