"""Who does something, when and by which way in: time, ids and secrets come to the operations as arguments."""

import hmac
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from itertools import chain, count, islice
from typing import NamedTuple
from uuid import UUID

from app.ids import uuid_of_bytes
from app.tables import IntakeMethod


class Earlier(NamedTuple):
    """An import of the same file that has ended: the file's name then, and from when to when it ran."""

    detail: str
    began: datetime
    ended: datetime


@dataclass(slots=True)
class Lot:
    """A batch of an import: since when that runs, and what this batch brings, noted so that it can be taken back.

    `earlier` are imports of the same file: what they said counts as said. `brought` has ids by what they are of;
    `touched` the known channels whose time of change moves, and that before; `freed` the new channels of who was
    erased, and when.
    """

    import_id: UUID
    since: datetime
    earlier: Sequence[Earlier] = ()
    brought: dict[str, list[UUID]] = field(default_factory=dict)
    touched: dict[UUID, datetime] = field(default_factory=dict)
    freed: dict[UUID, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """One change: `at` is in UTC; `actor` names who did it for people, such as a key's name; `secret` seals ledgers.

    `lot` is there where the change is a batch of an import.
    """

    at: datetime
    actor: str
    method: IntakeMethod
    secret: bytes
    detail: str | None = None
    lot: Lot | None = None
    _ends: Iterator[int] = field(default_factory=lambda: _ends_of_ids(), repr=False, compare=False)

    def new_id(self) -> UUID:
        """A new id that sorts by the time of the act, and after those that the act made before."""
        return uuid_of_bytes((_beginning(self.at) | next(self._ends)).to_bytes(16))

    def new_ids(self, count: int) -> list[UUID]:
        """The same, so many at once."""
        began = _beginning(self.at)
        return [uuid_of_bytes((began | end).to_bytes(16)) for end in islice(self._ends, count)]

    def note(self, what: str, id: UUID) -> None:
        """Notes for an import that this was brought by it."""
        if self.lot is not None:
            self.lot.brought.setdefault(what, []).append(id)

    def seal(self, content: bytes) -> str:
        """A digest of the content that nobody without the server's secret can make (HMAC-SHA-256, hex)."""
        return hmac.digest(self.secret, content, sha256).hex()


def uuid7(at: datetime, number: int = 0) -> UUID:
    """A UUID version 7 (RFC 9562): the microseconds of `at`, a number of 20 bits that sorts within them, chance."""
    return UUID(int=_beginning(at) | (number & 0xFFFFF) << 42 | secrets.randbits(42))


@lru_cache(maxsize=64)  # of an act's ids all begin alike
def _beginning(at: datetime) -> int:
    """The first 66 bits of ids of a moment."""
    milliseconds, microseconds = divmod(int(at.timestamp() * 1_000_000), 1000)
    return milliseconds << 80 | 0x7 << 76 | microseconds << 66 | 0x2 << 62


def _ends_of_ids() -> Iterator[int]:
    """The last 62 bits of an act's ids: their number, then chance.

    Chance is drawn for more and more of them: a draw takes as long for one as for a hundred.
    """
    drawn = chain.from_iterable(_chances(min(4**power, 256)) for power in count())
    return ((number & 0xFFFFF) << 42 | chance for number, chance in enumerate(drawn))


def _chances(many: int) -> Iterator[int]:
    """So many random numbers of 42 bits."""
    drawn = secrets.token_bytes(6 * many)
    return (int.from_bytes(drawn[place : place + 6]) >> 6 for place in range(0, len(drawn), 6))


def now() -> datetime:
    """The present in UTC: the one clock, read at the edge."""
    return datetime.now(UTC)
