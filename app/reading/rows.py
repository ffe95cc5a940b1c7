"""How the rows of a page are read: of one statement, of merged timelines, of what an index orders and all the rest.

None reads more than a page's worth of rows, whatever there is, where no filter leaves rows out.
"""

from collections.abc import Sequence
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, func, select, true, tuple_, union_all

from app.db.expressions import in_order
from app.reading.gluing import narrowed
from app.reading.keyset import Keyset, Mark, compared
from app.reading.scopes import entity_of
from app.reading.sources import Bound, Chained, Merged


class Rows(Protocol):
    """The rows of a list."""

    entity: Any

    def whole(self) -> Select[Any]:
        """All of them, in no order."""

    def page(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """These columns of the first rows between the cursors, in the order in which they are read."""

    def beyond(self, keyset: Keyset, cursor: Bound, name: str, *, later: bool) -> list[Select[Any]]:
        """Statements of the rows on one side of a cursor, with its own row: one for each way to find some."""


def rows_of(found: Any, *, lateral: bool) -> Rows:
    """The rows that a query function says."""
    match found:
        case Merged():
            return Timelines(found, lateral=lateral)
        case Chained():
            return Chain(found)
        case _:
            return Plain(found)


def columns(row: Any, names: Sequence[str]) -> list[Any]:
    """These columns of a row, under their names."""
    return [getattr(row, name).label(name) for name in names]


def conditions(statement: Select[Any]) -> list[Any]:
    """What the rows of a statement must meet."""
    return [] if statement.whereclause is None else [statement.whereclause]


class Plain:
    """The rows of one statement."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self.entity = entity_of(statement)

    def whole(self) -> Select[Any]:
        """All of them."""
        return self._statement

    def page(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """The first of them."""
        return narrowed(keyset.limited(self._statement, limit), *columns(self.entity, names))

    def beyond(self, keyset: Keyset, cursor: Bound, name: str, *, later: bool) -> list[Select[Any]]:
        """Those on one side of a cursor, in an order that makes PostgreSQL look for one of them in an index."""
        place = keyset.place(self.entity)
        found = self.whole().where(keyset.beyond(place, cursor, name, later, itself=True))
        return [found.order_by(*keyset.directed(*place))]


class Timelines(Plain):
    """The children of several parents, each of which is asked for its own first ones."""

    def __init__(self, merged: Merged, *, lateral: bool) -> None:
        self._parents, self._parent, self._lateral = merged.parents, entity_of(merged.parents), lateral
        self._children = merged.children
        children = self._of_parent()
        joined = in_order(self._parent, entity_of(children))  # the parents are read first, always
        super().__init__(children.where(*conditions(self._parents)).select_from(joined))

    def _of_parent(self) -> Select[Any]:
        return self._children(self._parent)

    def page(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """The first of all parents' first ones: no parent's others are read."""
        return self._joined(keyset, names, limit) if self._lateral else self._bounded(keyset, names, limit)

    def beyond(self, keyset: Keyset, cursor: Bound, name: str, *, later: bool) -> list[Select[Any]]:
        """Those on one side of a cursor: no index has all parents' children in their order."""
        return [found.order_by(None) for found in super().beyond(keyset, cursor, name, later=later)]

    def _joined(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """On PostgreSQL, an IN over the parents would cost 200 times as much."""
        children = self._of_parent()
        child = entity_of(children)
        needed = *columns(child, names), keyset.key(child).label("sorted_by"), child.id.label("sorted_id")
        own = narrowed(keyset.limited(children, limit), *needed).correlate(self._parent).lateral()
        found = select(*(own.c[name] for name in names)).select_from(self._parent).join(own, true())
        order = keyset.directed(own.c.sorted_by, own.c.sorted_id)
        return found.where(*conditions(self._parents)).order_by(*order).limit(limit)

    def _bounded(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """SQLite has no LATERAL: of each parent's children, those up to the last of its first ones."""
        children = self._of_parent()
        child = entity_of(children)
        place = keyset.key(child).label("key"), child.id.label("id")
        first = narrowed(keyset.limited(children, limit), *place).correlate(self._parent).subquery()
        last = select(first).order_by(*keyset.directed(first.c.key, first.c.id, back=True)).limit(1).scalar_subquery()
        mine = tuple_(keyset.key(self.entity), self.entity.id)
        up_to = compared(mine, last, smaller=keyset.descending == keyset.backward, itself=True)
        return narrowed(keyset.limited(self.whole().where(up_to), limit), *columns(self.entity, names))


class Chain:
    """Rows that an index orders, and after them the rest; of what comes second only as much is read as is missing."""

    def __init__(self, chained: Chained) -> None:
        self._chained = chained
        self.entity = entity_of(chained.whole)

    def whole(self) -> Select[Any]:
        """All of them."""
        return self._chained.whole

    def page(self, keyset: Keyset, names: Sequence[str], limit: Any) -> Select[Any]:
        """The first of both, one after the other."""
        first, second = self._in_turn(keyset, names)
        begun = first.limit(limit).cte()
        missing = limit - select(func.count()).select_from(begun).scalar_subquery()
        both = union_all(select(begun), select(second.limit(missing).subquery())).subquery()
        order = keyset.directed(both.c.sorted_by, both.c.sorted_id)
        return select(*(both.c[name] for name in names)).order_by(*order).limit(limit)

    def _in_turn(self, keyset: Keyset, names: Sequence[str]) -> list[Select[Any]]:
        """The rows of both between the cursors, in order, in the order in which they are read."""
        keyed, rest, id = self._chained.keyed, self._chained.rest, self.entity.id
        for cursor in keyset.cursors():
            keyed = keyed.where(*self._keyed_beyond(keyset, *cursor))
            rest = rest.where(self._rest_beyond(keyset, *cursor))
        both = [
            self._placed(keyed.order_by(*keyset.directed(self._chained.key, id)), self._chained.key, names),
            self._placed(rest.order_by(*keyset.directed(id)), self._chained.last, names),
        ]
        return both[::-1] if keyset.backward else both

    def _placed(self, statement: Select[Any], key: Any, names: Sequence[str]) -> Select[Any]:
        placed = key.label("sorted_by"), self.entity.id.label("sorted_id")
        return narrowed(statement, *columns(self.entity, names), *placed)

    def beyond(self, keyset: Keyset, cursor: Bound, name: str, *, later: bool) -> list[Select[Any]]:
        """Those on one side of a cursor."""
        return [
            self._chained.keyed.where(*self._keyed_beyond(keyset, cursor, name, later, itself=True)),
            self._chained.rest.where(self._rest_beyond(keyset, cursor, name, later, itself=True)),
        ]

    def _keyed_beyond(
        self, keyset: Keyset, cursor: Bound, name: str, later: bool, *, itself: bool = False
    ) -> tuple[Any, Any]:
        """The key's condition once more by itself: in no index does the id stand beside it."""
        key = self._chained.key
        near = compared(
            key,
            keyset.marked(cursor, name, lambda mark: mark[0], key.type),
            smaller=later == keyset.descending,
            itself=True,
        )
        return near, keyset.beyond((key, self.entity.id), cursor, name, later, itself=itself)

    def _rest_beyond(self, keyset: Keyset, cursor: Bound, name: str, later: bool, *, itself: bool = False) -> Any:
        """By the id alone, as an index has it: a cursor among the keyed rows stands before all of the rest."""
        before_all = UUID(int=2**128 - 1 if keyset.descending else 0)

        def id_of(mark: Mark) -> UUID:
            return mark[1] if mark[0] == self._chained.last.value else before_all

        id = self.entity.id
        smaller = later == keyset.descending
        return compared(id, keyset.marked(cursor, name, id_of, id.type), smaller=smaller, itself=itself)
