"""What an API key is, and what an account's settings may be."""

import secrets
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from zoneinfo import available_timezones

from app.accounts.errors import InvalidName, UnknownTimeZone

PREFIX_LENGTH = 12
LONGEST_NAME = 200


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
