"""Keysets: between which rows a page lies, by the sort keys and ids that cursors name."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Integer, Select, tuple_

from app.reading.errors import ForeignCursor
from app.reading.scopes import entity_of
from app.reading.sources import Bound, Page, Request, Selection

PRINTED = "%Y-%m-%dT%H:%M:%S.%fZ"  # how times are printed, in cursors too
LARGEST = 2**31 - 1  # of a number
Mark = tuple[Any, Any]
Read = Callable[[str], Any]


class Keyset:
    """The order of a list, the cursors between which a page of it lies, and the end that the page is read from.

    Cursors begin with a `tag` of the list and its order: those of another would name a place that is none here.
    """

    def __init__(self, compiler: Any, selection: Selection, arguments: Mapping[str, Any], entity: Any) -> None:
        given, source = selection.arguments, cast("Page", selection.source)
        self.after, self.before = given.get("after"), given.get("before")
        self.backward = given.get("last") is not None
        order = source.order(entity, **arguments)
        self.descending = order.descending
        self.tag = sha256(f"{selection.type_name} {order.name}".encode()).hexdigest()[:6]
        self._compiler, self._source, self._arguments = compiler, source, arguments
        key, then = self.place(entity)
        self.beside: str = then.key  # the column that tells rows with equal keys apart
        self._read = _number if _counts(key) else _time, _number if _counts(then) else _id

    def key(self, row: Any) -> Any:
        """The sort key of a row."""
        return self.place(row)[0]

    def place(self, row: Any) -> tuple[Any, Any]:
        """The sort key of a row, and what tells it from others that have the same."""
        order = self._source.order(row, **self._arguments)
        return order.key, row.id if order.then is None else order.then

    def directed(self, *columns: Any, back: bool = False) -> list[Any]:
        """The columns in the direction in which the page is read, or back."""
        ascending = (self.descending == self.backward) != back
        return [c.asc() if ascending else c.desc() for c in columns]

    def limited(self, statement: Select[Any], limit: Any) -> Select[Any]:
        """The first rows between the cursors."""
        row = entity_of(statement)
        place = self.place(row)
        between = (self.beyond(place, *cursor) for cursor in self.cursors())
        return statement.where(*between).order_by(*self.directed(*place)).limit(limit)

    def cursors(self) -> list[tuple[Bound, str, bool]]:
        """The cursors that were given: each with its name, and whether what comes after it is meant."""
        both = ((self.after, "after", True), (self.before, "before", False))
        return [(cursor, name, later) for cursor, name, later in both if cursor is not None]

    def beyond(self, place: tuple[Any, Any], cursor: Bound, name: str, later: bool, *, itself: bool = False) -> Any:
        """Only rows later in the order than the cursor or earlier; with `itself`, the cursor's own row as well.

        `place` is that of the rows.
        """
        mine = tuple_(*place)
        mark = tuple_(*(self.marked(cursor, name, lambda mark, n=n: mark[n], c.type) for n, c in enumerate(place)))  # type: ignore[misc]
        return compared(mine, mark, smaller=later == self.descending, itself=itself)

    def marked(self, cursor: Bound, name: str, of: Callable[[Mark], Any], type_: Any) -> Any:
        """Something of what the cursor holds, bound."""

        return self._compiler.bind(self.of_mark(cursor, name, of), type_)

    def of_mark(self, cursor: Bound, name: str, of: Callable[[Mark], Any]) -> Callable[[Request], Any]:
        """Something of what the cursor holds, as a request gives it."""
        tag, read = self.tag, self._read
        return lambda request: of(mark(cursor.get(request), name, tag, read))


def compared(one: Any, other: Any, *, smaller: bool, itself: bool) -> Any:
    """One is smaller than the other or larger; with `itself`, it may be the same."""
    if smaller:
        return one <= other if itself else one < other
    return one >= other if itself else one > other


def mark(cursor: Any, name: str, tag: str, read: tuple[Read, Read]) -> Mark:
    """The place that a cursor holds, in its two parts. Raises ForeignCursor, for one of another list or order too."""
    try:
        found, key, then = str(cursor).split("~")
        if found != tag:
            raise ForeignCursor(name)
        return read[0](key), read[1](then)
    except ValueError:
        raise ForeignCursor(name) from None


# ---- what cursors are made of


def _counts(expression: Any) -> bool:
    return isinstance(expression.type, Integer)


def _time(text: str) -> datetime:
    return datetime.strptime(text, PRINTED).replace(tzinfo=UTC)


def _id(text: str) -> UUID:
    return UUID(hex=text)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST):
        raise ValueError(text)
    return int(text)
