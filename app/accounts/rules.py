"""What an API key is, and what an account's settings may be."""

import secrets
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from zoneinfo import available_timezones

from app.accounts.errors import (
    InvalidBounces,
    InvalidHelpText,
    InvalidHour,
    InvalidLimit,
    InvalidName,
    InvalidPattern,
    InvalidSecret,
    InvalidToken,
    UnknownTimeZone,
)

PREFIX_LENGTH = 12
LONGEST_NAME = 200
MOST_CHANNELS = 1_000
MOST_PATTERNS = 100
LONGEST_PATTERN = 320
LONGEST_HELP = 480
LONGEST_TOKEN = 200
SECRET_PREFIX = "whsec_"  # noqa: S105 - it begins every secret
SECRET_BYTES = range(24, 65)  # https://www.standardwebhooks.com: between 24 and 64 bytes
MOST_BOUNCES = 100


@dataclass(frozen=True, slots=True)
class Guards:
    """What an account sets of the guards over linking.

    The patterns are addresses in lower case or E.164 with `*` and `?`: placeholders make no channel, role mailboxes
    link but do not merge; both beside those that are known to everybody.
    """

    max_channels_per_kind: int = 5
    placeholder_patterns: tuple[str, ...] = ()
    role_patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuietHours:
    """The local hours from which and until which marketing texts rest; the account's time zone (IANA).

    The zone counts where a number tells none.
    """

    start: int = 21
    end: int = 8
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Sender:
    """Who speaks in messages to contacts: the account's name, and its own text for HELP, if it has one."""

    name: str
    help_text: str | None = None


@dataclass(frozen=True, slots=True)
class Messaging:
    """What an account sets of its messages; `signed` says whether it has the token that signs its provider's calls."""

    help_text: str | None
    signed: bool
    quiet_from: int
    quiet_until: int


@dataclass(frozen=True, slots=True)
class Feedback:
    """What an account sets of what is told of its messages.

    `signed` says whether it has the secret that signs its email provider's notices; hard bounces of `bounces_to_hold`
    messages in a row hold a channel.
    """

    signed: bool
    bounces_to_hold: int


class Scope(StrEnum):
    """What a key may do."""

    READ = "READ"
    WRITE = "WRITE"
    ADMIN = "ADMIN"


def new_key() -> str:
    """A key: 32 random bytes, with a beginning that secret scanners and people recognise."""
    return f"tandem_{secrets.token_urlsafe(32)}"


def prefix(key: str) -> str:
    """The beginning by which people recognise a key; no secret."""
    return key[:PREFIX_LENGTH]


def digest(key: str) -> str:
    """What is kept of a key: SHA-256 suffices, for a key is random already."""
    return sha256(key.encode()).hexdigest()


def name(given: str) -> str:
    """A name of an account or a key, trimmed. Raises InvalidName."""
    found = given.strip()
    if not 1 <= len(found) <= LONGEST_NAME:
        raise InvalidName(LONGEST_NAME)
    return found


def time_zone(given: str) -> str:
    """An IANA time zone. Raises UnknownTimeZone."""
    if given not in available_timezones():
        raise UnknownTimeZone(given)
    return given


def scopes(given: Sequence[str]) -> list[Scope]:
    """The scopes by their names, each once; a ValueError where one is unknown."""
    return [scope for scope in Scope if scope in {Scope(name.upper()) for name in given}]


def channel_limit(given: int) -> int:
    """How many addresses of a kind a profile may have. Raises InvalidLimit."""
    if not 1 <= given <= MOST_CHANNELS:
        raise InvalidLimit(MOST_CHANNELS)
    return given


def patterns(given: Sequence[str], *, field: str) -> list[str]:
    """Patterns of addresses, trimmed, in lower case, each once. Raises InvalidPattern."""
    found = list(dict.fromkeys(pattern.strip().lower() for pattern in given))
    if len(found) > MOST_PATTERNS or not all(1 <= len(pattern) <= LONGEST_PATTERN for pattern in found):
        raise InvalidPattern(MOST_PATTERNS, LONGEST_PATTERN, field=field)
    if any(not pattern.strip("*?") for pattern in found):
        raise InvalidPattern(MOST_PATTERNS, LONGEST_PATTERN, field=field)
    return found


def help_text(given: str) -> str:
    """The text that answers HELP, trimmed. Raises InvalidHelpText."""
    found = given.strip()
    if not 1 <= len(found) <= LONGEST_HELP:
        raise InvalidHelpText(LONGEST_HELP)
    return found


def sms_auth_token(given: str) -> str:
    """The secret that an account shares with its SMS provider, trimmed. Raises InvalidToken."""
    found = given.strip()
    if not 1 <= len(found) <= LONGEST_TOKEN or any(c.isspace() for c in found):
        raise InvalidToken(LONGEST_TOKEN)
    return found


def email_webhook_secret(given: str) -> str:
    """The secret that an account shares with its email provider, trimmed. Raises InvalidSecret."""
    found = given.strip()
    try:
        key = b64decode(found.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        raise InvalidSecret from None
    if not found.startswith(SECRET_PREFIX) or len(key) not in SECRET_BYTES:
        raise InvalidSecret
    return found


def bounces_to_hold(given: int) -> int:
    """How many messages in a row must bounce hard to hold a channel. Raises InvalidBounces."""
    if not 1 <= given <= MOST_BOUNCES:
        raise InvalidBounces(MOST_BOUNCES)
    return given


def hour(given: int, *, field: str) -> int:
    """An hour of the day. Raises InvalidHour."""
    if given not in range(24):
        raise InvalidHour(field=field)
    return given
