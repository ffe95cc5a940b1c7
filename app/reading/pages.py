"""Connections: keyset pages, both ways, read once whatever is selected of them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Text, case, cast, func, inspect, literal_column, select, true, tuple_
from sqlalchemy.orm import aliased

from app.db.expressions import in_order
from app.reading.errors import LARGEST_PAGE, BadPageSize, BothWays, ForeignCursor
from app.reading.gluing import Piece, braced, glue, narrowed
from app.reading.plans import Path
from app.reading.scopes import IN_PAGE, Outside, Scope, entity_of
from app.reading.sources import Bound, Merged, Page, Selection
from app.reading.spelling import word

DEFAULT_SIZE = 20
PRINTED = "%Y-%m-%dT%H:%M:%S.%fZ"  # how times are printed, in cursors too
PAGING = ("first", "after", "last", "before")


class Paging:
    """One connection within a selection. `compiler` compiles what is selected of its items."""

    def __init__(self, compiler: Any, selection: Selection, row: Any, scope: Scope, path: Path) -> None:
        self.compiler, self.selection, self.path = compiler, selection, path
        self.spelling = compiler.spelling
        self.scope = scope.opening(IN_PAGE, lists=1)
        given = selection.arguments
        if given.get("first") is not None and given.get("last") is not None:
            raise BothWays
        self.after, self.before = given.get("after"), given.get("before")
        self.backward = given.get("last") is not None
        self.size = self._size("last" if self.backward else "first")
        self.arguments = compiler.given({name: value for name, value in given.items() if name not in PAGING})
        source: Any = selection.source
        self.source: Page = source
        self.rows: Any = source.of(row, **self.arguments)

    def _size(self, name: str) -> Any:
        given = self.selection.arguments.get(name)
        if given is None:
            return literal_column(str(DEFAULT_SIZE), Integer)
        return self.compiler.bind(lambda request: size(given.get(request), name), Integer())

    # ---- the rows of the page, and one more to see whether there are more

    def page(self) -> tuple[Select[Any], Any]:
        """The statement of the page, limited and ordered, and the entity of its items."""
        if isinstance(self.rows, Merged) and self.spelling.lateral:
            return self._newest_of_each(self.rows)
        return self._limited(self.whole()), self._entity()

    def _entity(self) -> Any:
        return entity_of(self.rows.children if isinstance(self.rows, Merged) else self.rows)

    def whole(self) -> Select[Any]:
        """All items, in no order; of merged rows the parents are read first, always."""
        if not isinstance(self.rows, Merged):
            return self.rows  # type: ignore[no-any-return]
        joined = in_order(entity_of(self.rows.parents), entity_of(self.rows.children))
        return self.rows.children.where(conditions(self.rows.parents)).select_from(joined)

    def _newest_of_each(self, rows: Merged) -> tuple[Select[Any], Any]:
        """Each parent is asked for its own newest: on PostgreSQL an IN over the parents costs 200 times as much."""
        parent, child = entity_of(rows.parents), entity_of(rows.children)
        own = self._limited(rows.children).correlate(parent).lateral()
        newest = aliased(inspect(child).mapper.class_, own)
        statement = select(newest).select_from(parent).join(newest, true()).where(conditions(rows.parents))
        return statement.order_by(*self._order(newest)).limit(self.size + 1), newest

    def _limited(self, statement: Select[Any]) -> Select[Any]:
        entity = entity_of(statement)
        for cursor, name, later in ((self.after, "after", True), (self.before, "before", False)):
            if cursor is not None:
                statement = self._beyond(statement, cursor, name, later=later)
        return statement.order_by(*self._order(entity)).limit(self.size + 1)

    def _order(self, entity: Any) -> list[Any]:
        key, descending = self.source.order(entity, **self.arguments)
        return [c.asc() if descending == self.backward else c.desc() for c in (key, entity.id)]

    def _beyond(
        self, statement: Select[Any], cursor: Bound, name: str, *, later: bool, itself: bool = False
    ) -> Select[Any]:
        """Only the rows later in the order than the cursor or earlier; with `itself`, the cursor's own row as well."""
        entity = entity_of(statement)
        key, descending = self.source.order(entity, **self.arguments)
        mine = tuple_(key, entity.id)
        mark = tuple_(*(self._marked(cursor, name, place, c.type) for place, c in enumerate((key, entity.id))))
        if later == descending:
            return statement.where(mine <= mark if itself else mine < mark)
        return statement.where(mine >= mark if itself else mine > mark)

    def _marked(self, cursor: Bound, name: str, place: int, type_: Any) -> Any:
        return self.compiler.bind(lambda request: mark(cursor.get(request), name)[place], type_)

    # ---- JSON of it

    def statement(self) -> Select[Any]:
        """The connection as JSON: aggregates over its page; where nothing is selected of the page, there is none."""
        base, item = self.page()
        cursor, item = self._cursor(item), Outside(item)
        columns = {
            child.key: glue(self._edge(child, item, cursor) if child.name == "edges" else self._node(child, item))
            for child in self.selection.children
            if child.name in ("edges", "nodes")
        }
        names = {key: f"c{number}" for number, key in enumerate(columns)}
        listed = [json.label(names[key]) for key, json in columns.items()]
        found = narrowed(base, *listed, glue(cursor).label("cursor")).subquery()
        numbered = (func.row_number().over().label("n"), func.count().over().label("count"))
        counted = select(found, *numbered).subquery()
        rows = select(counted).order_by(counted.c.n.desc()).subquery() if self.backward else counted
        parts = braced((child.key, self._part(child, rows, names)) for child in self.selection.children)
        return select(glue(parts))

    def _cursor(self, item: Any) -> list[Piece]:
        key, _ = self.source.order(item, **self.arguments)
        return ['"', self.spelling.moment(key), "~", self.spelling.hex(item.id), '"']

    def _node(self, child: Selection, item: Any) -> list[Piece]:
        return self.compiler.object(child, item, self.scope, (*self.path, child.key))  # type: ignore[no-any-return]

    def _edge(self, edges: Selection, item: Any, cursor: list[Piece]) -> list[Piece]:
        path = (*self.path, edges.key)

        def field(child: Selection) -> list[Piece]:
            match child.name:
                case "cursor":
                    return cursor
                case "node":
                    return self.compiler.object(child, item, self.scope, (*path, child.key))  # type: ignore[no-any-return]
                case _:
                    return [f'"{child.type_name}"']

        return braced((child.key, field(child)) for child in edges.children)

    def _part(self, child: Selection, rows: Any, names: dict[str, str]) -> list[Piece]:
        match child.name:
            case "edges" | "nodes":
                listed = self.spelling.join(case((rows.c.n <= self.size, rows.c[names[child.key]])))
                return ["[", func.coalesce(listed, word("")), "]"]
            case "pageInfo":
                return braced((field.key, self._info(field, rows)) for field in child.children)
            case "totalCount":
                counted = narrowed(self.whole(), func.count())
                return [cast(counted.scalar_subquery(), Text)]
            case _:
                return [f'"{child.type_name}"']

    def _info(self, field: Selection, rows: Any) -> list[Piece]:
        more = [self.spelling.json(func.coalesce(func.max(rows.c.count), literal_column("0")) > self.size)]
        last = case((rows.c.count > self.size, self.size), else_=rows.c.count)
        first: Any = literal_column("1")
        match field.name:
            case "hasNextPage":
                return self._exists(self.before, "before", later=True) if self.backward else more
            case "hasPreviousPage":
                return more if self.backward else self._exists(self.after, "after", later=False)
            case "startCursor":
                return self._cursor_at(rows, last if self.backward else first)
            case "endCursor":
                return self._cursor_at(rows, first if self.backward else last)
            case _:
                return [f'"{field.type_name}"']

    def _cursor_at(self, rows: Any, number: Any) -> list[Piece]:
        there = (rows.c.n == number) & (rows.c.n <= self.size)
        return [func.coalesce(func.max(case((there, rows.c.cursor))), word("null"))]

    def _exists(self, cursor: Bound | None, name: str, *, later: bool) -> list[Piece]:
        if cursor is None:
            return ["false"]
        there = self._beyond(self.whole(), cursor, name, later=later, itself=True)
        found = narrowed(there, literal_column("1")).exists()
        return [self.spelling.json(select(found).scalar_subquery())]


def conditions(statement: Select[Any]) -> Any:
    """What the rows of a statement must meet."""
    return true() if statement.whereclause is None else statement.whereclause


def size(given: Any, name: str) -> int:
    """The size of a page as it was asked for. Raises BadPageSize."""
    if not isinstance(given, int) or not 0 <= given <= LARGEST_PAGE:
        raise BadPageSize(name)
    return given


def mark(cursor: Any, name: str) -> tuple[datetime, UUID]:
    """The sort key and the id that a cursor holds. Raises ForeignCursor."""
    try:
        key, _, digits = str(cursor).rpartition("~")
        return datetime.strptime(key, PRINTED).replace(tzinfo=UTC), UUID(hex=digits)
    except ValueError:
        raise ForeignCursor(name) from None


def page(compiler: Any, selection: Selection, row: Any, scope: Scope, path: Path) -> Select[Any]:
    """A statement with the JSON of a connection."""
    return Paging(compiler, selection, row, scope, path).statement()
