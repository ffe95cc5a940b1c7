"""Who does something, when and by which way in: time, ids and secrets come to the operations as arguments."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

from app.tables import IntakeMethod


@dataclass(frozen=True, slots=True)
class Act:
    """One change: `at` is in UTC; `actor` names who did it for people, such as a key's name; `secret` seals ledgers."""

    at: datetime
    actor: str
    method: IntakeMethod
    secret: bytes
    detail: str | None = None

    def new_id(self) -> UUID:
        """A new id that sorts by the time of the act."""
        return uuid7(self.at)

    def seal(self, content: bytes) -> str:
        """A digest of the content that nobody without the server's secret can make (HMAC-SHA-256, hex)."""
        return hmac.digest(self.secret, content, sha256).hex()


def uuid7(at: datetime) -> UUID:
    """A UUID version 7 (RFC 9562): the milliseconds of `at`, then 74 random bits."""
    milliseconds = int(at.timestamp() * 1000)
    number = (milliseconds << 80) | int.from_bytes(secrets.token_bytes(10), "big")
    number = (number & ~(0xF << 76)) | (0x7 << 76)
    number = (number & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=number)


def now() -> datetime:
    """The present in UTC: the one clock, read at the edge."""
    return datetime.now(UTC)
