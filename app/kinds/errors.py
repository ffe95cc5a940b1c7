"""Why a text is no address of its kind."""

import re
from collections.abc import Sequence

from app.errors import ErrorCode, Refusal

ROUNDED = re.compile(r"[+-]?\d([.,]\d+)?[eE]\+?\d{1,2}")
BETWEEN_NUMBERS = re.compile(r"[,;/|&\r\n]|\b(?:and|or)\b")
LIKE_A_NUMBER = re.compile(r"[+(]?\d(?:[ ().-]*\d){6,14}")


class InvalidEmail(Refusal):
    """Not an address that mail could reach."""

    code = ErrorCode.INVALID_EMAIL

    def __init__(self, reason: str, *, field: Sequence[str]) -> None:
        super().__init__(f"This is not an email address: {reason}", field=field)


class InvalidPhone(Refusal):
    """Not a number that a message could reach."""

    code = ErrorCode.INVALID_PHONE

    def __init__(self, reason: str, region: str, *, field: Sequence[str], text: str = "") -> None:
        super().__init__(_plight(text) or _unread(reason, region), field=field)


def _unread(reason: str, region: str) -> str:
    return (
        f"This is not a valid phone number read in region {region}: {reason}. "
        "Give it with its country code, such as +14155552671."
    )


def _plight(text: str) -> str | None:
    """What has happened to a text that would be a number otherwise."""
    if ROUNDED.fullmatch(text.strip()):
        return "A spreadsheet rounded this number; format the column as text and save again."
    if len([part for part in BETWEEN_NUMBERS.split(text) if LIKE_A_NUMBER.fullmatch(part.strip())]) > 1:
        return "These are several numbers; give one."
    return None
