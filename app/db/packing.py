"""Many rows as one statement on SQLite: one JSON list of them, and of each column of ids one blob.

The driver binds a row after the other, and hands the interpreter's lock over at each of them: where the process has
other work, that takes fifty times as long. A statement that has all rows holds no lock until it is done.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Float, LargeBinary, Select, String, bindparam, func, literal_column, select, true
from sqlalchemy.dialects import sqlite

from app.db.dialects import ACCOUNT
from app.db.types import Id

FEW = 8  # rows that are bound one by one as quickly
BYTES = 16  # of an id
NO_ID = bytes(BYTES)
_DIALECT = sqlite.dialect()


class Packing:
    """How the rows of a table are packed, and taken apart again by SQL."""

    def __init__(self, columns: Sequence[Any]) -> None:
        self._ids = [column.key for column in columns if isinstance(column.type, Id)]
        others = [column for column in columns if not isinstance(column.type, Id)]
        self._others = [(column.key, column.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)) for column in others]
        self._inexact = [column.key for column in others if isinstance(column.type, Float)]

    def takes(self, rows: Sequence[Mapping[str, Any]]) -> bool:
        """Whether it pays to pack them, and can be done: SQLite reads numbers of JSON to 15 digits or so."""
        return len(rows) > FEW and not any(row[name] is not None for name in self._inexact for row in rows)

    def packed(self, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """The values of the statement's parameters."""
        blobs = {name: b"".join(_bytes(row[name]) for row in rows) for name in self._ids}
        columns = (self._values(name, process, rows) for name, process in self._others)
        return {**blobs, "rows": orjson.dumps(list(zip(*columns, strict=True))).decode()}

    def _values(self, name: str, process: Callable[[Any], Any] | None, rows: Sequence[Mapping[str, Any]]) -> Any:
        values = map(itemgetter(name), rows)
        return map(process, values) if process else values

    def unpacked(self) -> tuple[list[str], Select[Any]]:
        """The names of the columns, and a SELECT of the rows."""
        given = func.json_each(bindparam("rows", type_=String())).table_valued("key", "value", name="given")
        ids = [_nth_of(bindparam(name, type_=LargeBinary()), given.c.key) for name in self._ids]
        others = [given.c.value.op("->>")(literal_column(str(place))) for place in range(len(self._others))]
        names = ["account_id", *self._ids, *(name for name, _ in self._others)]
        return names, select(ACCOUNT, *ids, *others).where(true())  # else ON CONFLICT would be taken for a join's ON


def _nth_of(blob: Any, place: Any) -> Any:
    """The id in a place of a blob."""
    length: Any = literal_column(str(BYTES))
    found = func.substr(blob, place * length + literal_column("1"), length)
    return func.nullif(found, literal_column(f"zeroblob({BYTES})"))


def _bytes(id: Any) -> bytes:
    return NO_ID if id is None else bytes(id.bytes)
