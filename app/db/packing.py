"""Many rows as one statement on SQLite: one JSON list of them, of each column of ids one blob.

What is the same in all rows is given once: SQLite parses a row of the list anew for each column that it takes from it.

The driver binds a row after the other, and hands the interpreter's lock over at each of them: where the process has
other work, that takes fifty times as long. A statement that has all rows holds no lock until it is done.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Float, Integer, LargeBinary, Select, String, bindparam, case, func, literal_column, select, true
from sqlalchemy.dialects import sqlite

from app.db.dialects import ACCOUNT
from app.db.types import Id, Json

FEW = 8  # rows that are bound one by one as quickly
BYTES = 16  # of an id
NO_ID = bytes(BYTES)
_DIALECT = sqlite.dialect()


@dataclass(frozen=True, slots=True)
class Other:
    """A column that is none of ids. Its parameter `place` says where in a row it is; NULL where all have the same."""

    name: str
    place: str
    process: Callable[[Any], Any] | None
    is_json: bool

    @classmethod
    def of(cls, column: Any) -> "Other":
        """The column of a table."""
        process = column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
        return cls(column.key, f"place_of_{column.key}", process, isinstance(column.type, Json))

    def given(self, rows: Sequence[Mapping[str, Any]]) -> tuple[Any, Sequence[Any] | None]:
        """The value that all rows have; else their values."""
        values = list(map(itemgetter(self.name), rows))
        if self.is_json:  # to Python, 1 and true are the same
            values = self._processed(values)
        if values.count(values[0]) == len(values):
            return (values if self.is_json else self._processed(values[:1]))[0], None
        return None, values if self.is_json else self._processed(values)

    def _processed(self, values: list[Any]) -> list[Any]:
        return list(map(self.process, values)) if self.process else values

    def of_row(self, row: Any) -> Any:
        """Its value for a row."""
        place: Any = bindparam(self.place, type_=Integer())
        return case((place.is_(None), bindparam(self.name)), else_=row.op("->>")(place))


class Packing:
    """How the rows of a table are packed, and taken apart again by SQL."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self._ids = [column.key for column in columns if isinstance(column.type, Id)]
        others = [column for column in columns if not isinstance(column.type, Id)]
        self._others = [Other.of(column) for column in others]
        self._inexact = [column.key for column in others if isinstance(column.type, Float)]

    def takes(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether it pays to pack them, and can be done: SQLite reads numbers of JSON to 15 digits or so."""
        return len(rows) > FEW and not any(row[name] is not None for name in self._inexact for row in rows)

    def packed(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The values of the statement's parameters."""
        blobs = {name: b"".join(map(_bytes, map(itemgetter(name), rows))) for name in self._ids}
        given: dict[str, Any] = {}
        columns: list[Sequence[Any]] = []
        for other in self._others:
            shared, values = other.given(rows)
            given |= {other.name: shared, other.place: None if values is None else len(columns)}
            if values is not None:
                columns.append(values)
        each = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
        return {**blobs, **given, "rows": orjson.dumps(each).decode()}

    def unpacked(self) -> tuple[list[str], Select[Any]]:
        """The names of the columns, and a SELECT of the rows."""
        given = func.json_each(bindparam("rows", type_=String())).table_valued("key", "value", name="given")
        ids = [_nth_of(bindparam(name, type_=LargeBinary()), given.c.key) for name in self._ids]
        others = [other.of_row(given.c.value) for other in self._others]
        names = ["account_id", *self._ids, *(other.name for other in self._others)]
        return names, select(ACCOUNT, *ids, *others).where(true())  # else ON CONFLICT would be taken for a join's ON


def _nth_of(blob: Any, place: Any) -> Any:
    """The id in a place of a blob."""
    length: Any = literal_column(str(BYTES))
    found = func.substr(blob, place * length + literal_column("1"), length)
    return func.nullif(found, literal_column(f"zeroblob({BYTES})"))


def _bytes(id: Any) -> bytes:
    return NO_ID if id is None else id.bytes
