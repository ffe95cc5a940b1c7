"""Column types that mean the same on both databases."""

import json
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import DateTime, Dialect, LargeBinary, String, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.errors import BadInput
from app.ids import uuid_of_bytes


class Id(TypeDecorator[UUID]):
    """A UUID: 16 bytes on both databases."""

    impl, cache_ok = Uuid, True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Bytes on SQLite, the native type on PostgreSQL."""
        return dialect.type_descriptor(LargeBinary(16) if dialect.name == "sqlite" else Uuid())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """From Python: only SQLite needs help."""
        return _bytes_of if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """To Python: the driver of PostgreSQL gives UUIDs already."""
        return _uuid_of if dialect.name == "sqlite" else None


class Time(TypeDecorator[datetime]):
    """A moment in UTC; on SQLite the very text that the API prints, so that it sorts and needs no formatting."""

    impl, cache_ok = DateTime(timezone=True), True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, timestamptz on PostgreSQL."""
        return dialect.type_descriptor(String(27) if dialect.name == "sqlite" else DateTime(timezone=True))

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:
        """From Python: only SQLite needs help."""
        return _printed if dialect.name == "sqlite" else None

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """To Python: always aware, always UTC."""
        return _parsed if dialect.name == "sqlite" else None


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


class JsonText(str):
    """A JSON value that is text already."""

    __slots__ = ()


class Json(TypeDecorator[Any]):
    """A JSON value: checked text on SQLite, jsonb on PostgreSQL; None is SQL's NULL."""

    impl, cache_ok = Text, True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text on SQLite, jsonb on PostgreSQL."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else JSONB())

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """From Python: compact text; keys sorted, so that equal values are equal text."""
        return _dumped

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any] | None:  # noqa: ARG002
        """To Python: both drivers give text."""
        return loaded


def _bytes_of(value: UUID | None) -> bytes | None:
    return None if value is None else value.bytes


def _uuid_of(value: bytes | None) -> UUID | None:
    return None if value is None else uuid_of_bytes(value)


def printed(value: datetime) -> str:
    """A moment in UTC as text that sorts as time does: always six digits, and four for the year."""
    in_utc = value if value.tzinfo is UTC else value.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds")[:-6] + "Z"


def parsed_time(value: Any) -> datetime:
    """A moment as clients write it, in UTC. Raises BadInput for what is no time, has no offset, or is none in UTC."""
    try:
        found = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise BadInput(f"A DateTime is written as 2026-01-31T09:30:00Z (RFC 3339), not {value!r:.60}.") from None
    if found.tzinfo is None:
        raise BadInput(f"The DateTime {value!r:.60} says no offset from UTC; end it with Z or, say, +02:00.")
    try:
        return found.astimezone(UTC)
    except OverflowError:
        raise BadInput(f"The DateTime {value!r:.60} lies, in UTC, outside of the years 1 to 9999.") from None


@lru_cache(maxsize=1024)  # rows that are written together have most of their times in common
def _printed(value: datetime | None) -> str | None:
    return None if value is None else printed(value)


def _parsed(value: str | None) -> datetime | None:
    return None if value is None else datetime.fromisoformat(value)


def _dumped(value: Any) -> str | None:
    if value is None or type(value) is JsonText:
        return value and str(value)
    if _is_plain(value):  # the same, in a quarter of the time
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    return _COMPACT.encode(value)


def _is_plain(value: Any) -> bool:
    """Whether it is an object or a list of nothing but texts."""
    if type(value) is dict:
        return _are_texts(value) and _are_texts(value.values())
    return type(value) in (list, tuple) and _are_texts(value)


def _are_texts(values: Iterable[Any]) -> bool:
    return set(map(type, values)) <= {str}


def loaded(value: str | None) -> Any:
    """The value of a JSON text."""
    return None if value is None else json.loads(value, parse_int=_number)


def _number(digits: str) -> int | float:
    """A double where an integer would be beyond 64 bits: PostgreSQL prints 1e300 with all its digits."""
    number = int(digits)
    return number if -(2**63) <= number < 2**64 else float(number)
