"""Connections: keyset pages, both ways, read once whatever is selected of them."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Select, Text, case, cast, func, literal_column, select, true, tuple_

from app.db.expressions import in_order
from app.reading.errors import LARGEST_PAGE, BadPageSize, BothWays, ForeignCursor
from app.reading.gluing import Piece, braced, glue, narrowed
from app.reading.plans import Path
from app.reading.scopes import IN_PAGE, Scope, entity_of
from app.reading.sources import Bound, Merged, Page, Selection
from app.reading.spelling import word

DEFAULT_SIZE = 20
PRINTED = "%Y-%m-%dT%H:%M:%S.%fZ"  # how times are printed, in cursors too
PAGING = ("first", "after", "last", "before")


class Item:
    """A row of a page, from outside of its statement: its attributes are its columns, noted as they are used."""

    def __init__(self, note: Callable[[str], Any]) -> None:
        self._note = note

    def __getattr__(self, name: str) -> Any:
        return self._note(name)


class Paging:
    """One connection within a selection. `compiler` compiles what is selected of its items."""

    def __init__(self, compiler: Any, selection: Selection, row: Any, scope: Scope, path: Path) -> None:
        self.compiler, self.selection, self.path = compiler, selection, path
        self.spelling = compiler.spelling
        self.scope = scope.opening(IN_PAGE).holding(selection)
        given = selection.arguments
        if given.get("first") is not None and given.get("last") is not None:
            raise BothWays
        self.after, self.before = given.get("after"), given.get("before")
        self.backward = given.get("last") is not None
        self.name = compiler.new_name("page")
        self.columns: dict[str, Any] = {}
        self.n: Any = literal_column(f"{self.name}.n", Integer)
        self.found: Any = literal_column(f"{self.name}.found", Integer)
        self.numbered = self.backward or any(child.name == "pageInfo" for child in selection.children)
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

    # ---- the rows of the page

    def _entity(self) -> Any:
        return entity_of(self.rows.children if isinstance(self.rows, Merged) else self.rows)

    def whole(self) -> Select[Any]:
        """All items, in no order; of merged rows the parents are read first, always."""
        if not isinstance(self.rows, Merged):
            return self.rows  # type: ignore[no-any-return]
        joined = in_order(entity_of(self.rows.parents), entity_of(self.rows.children))
        return self.rows.children.where(conditions(self.rows.parents)).select_from(joined)

    def _page(self, columns: Mapping[str, Any], limit: Any) -> Select[Any]:
        """The items of the page with these columns, ordered and limited."""
        if isinstance(self.rows, Merged) and self.spelling.lateral:
            return self._newest_of_each(self.rows, columns, limit)
        return narrowed(self._limited(self.whole(), limit), *(c.label(name) for name, c in columns.items()))

    def _newest_of_each(self, rows: Merged, columns: Mapping[str, Any], limit: Any) -> Select[Any]:
        """Each parent is asked for its own newest: on PostgreSQL an IN over the parents costs 200 times as much."""
        parent, child = entity_of(rows.parents), entity_of(rows.children)
        key, _ = self.source.order(child, **self.arguments)
        needed = {**columns, "sorted_by": key, "sorted_id": child.id}
        own = narrowed(self._limited(rows.children, limit), *(c.label(name) for name, c in needed.items()))
        newest = own.correlate(parent).lateral()
        statement = select(*(newest.c[name] for name in columns)).select_from(parent).join(newest, true())
        order = self._directed(newest.c.sorted_by, newest.c.sorted_id)
        return statement.where(conditions(rows.parents)).order_by(*order).limit(limit)

    def _limited(self, statement: Select[Any], limit: Any) -> Select[Any]:
        entity = entity_of(statement)
        for cursor, name, later in ((self.after, "after", True), (self.before, "before", False)):
            if cursor is not None:
                statement = self._beyond(statement, cursor, name, later=later)
        key, _ = self.source.order(entity, **self.arguments)
        return statement.order_by(*self._directed(key, entity.id)).limit(limit)

    def _directed(self, *columns: Any) -> list[Any]:
        _, descending = self.source.order(self._entity(), **self.arguments)
        return [c.asc() if descending == self.backward else c.desc() for c in columns]

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
        """The connection as JSON: aggregates over its page.

        JSON is made only of the rows of the page, once they are sorted and limited, and of the columns it needs. Where
        nothing is selected of its rows, there is no page: without an aggregate there would be an answer for each row.
        """
        parts = [(child.key, self._part(child)) for child in self.selection.children]
        statement = select(glue(braced(parts)))
        return statement.select_from(self._rows()) if self.columns else statement

    def _noted(self, name: str) -> Any:
        """A column of the page's rows, which from now on have it."""
        self.columns[name] = getattr(self._entity(), name)
        return literal_column(f'{self.name}."{name}"', self.columns[name].type)

    def _item(self) -> Item:
        """A row of the page; that there is one is needed, whatever of it."""
        self._noted("id")
        return Item(self._noted)

    def _rows(self) -> Any:
        """The rows of the page in the order of the answer.

        Where that is needed they are numbered (`n`, from 1), are one more than fit, and say how many were `found`.
        """
        if not self.numbered:
            return self._page(self.columns, self.size).subquery(self.name)
        found = self._page(self.columns, self.size + 1).subquery()
        rows = select(found, func.row_number().over().label("n"), func.count().over().label("found"))
        if self.backward:
            numbered = rows.subquery()
            rows = select(numbered).order_by(numbered.c.n.desc())
        return rows.subquery(self.name)

    def _cursor(self, item: Any) -> list[Piece]:
        key, _ = self.source.order(item, **self.arguments)
        return ['"', self.spelling.moment(key), "~", self.spelling.hex(item.id), '"']

    def _listed(self, json: list[Piece]) -> list[Piece]:
        """The items of the page as a JSON list."""
        listed = self.spelling.join(glue(json))
        if self.numbered:
            listed = listed.filter(self.n <= self.size)
        return ["[", func.coalesce(listed, word("")), "]"]

    def _edge(self, edges: Selection, item: Item) -> list[Piece]:
        path = (*self.path, edges.key)

        def field(child: Selection) -> list[Piece]:
            match child.name:
                case "cursor":
                    return self._cursor(item)
                case "node":
                    return self.compiler.object(child, item, self.scope, (*path, child.key))  # type: ignore[no-any-return]
                case _:
                    return [f'"{child.type_name}"']

        return braced((child.key, field(child)) for child in edges.children)

    def _part(self, child: Selection) -> list[Piece]:
        match child.name:
            case "edges":
                return self._listed(self._edge(child, self._item()))
            case "nodes":
                return self._listed(self.compiler.object(child, self._item(), self.scope, (*self.path, child.key)))
            case "pageInfo":
                return braced((field.key, self._info(field)) for field in child.children)
            case "totalCount":
                counted = narrowed(self.whole(), func.count())
                return [cast(counted.scalar_subquery(), Text)]
            case _:
                return [f'"{child.type_name}"']

    def _info(self, field: Selection) -> list[Piece]:
        first: Any = literal_column("1")
        last = case((self.found > self.size, self.size), else_=self.found)
        match field.name:
            case "hasNextPage":
                return self._exists(self.before, "before", later=True) if self.backward else self._more()
            case "hasPreviousPage":
                return self._more() if self.backward else self._exists(self.after, "after", later=False)
            case "startCursor":
                return self._cursor_at(last if self.backward else first)
            case "endCursor":
                return self._cursor_at(first if self.backward else last)
            case _:
                return [f'"{field.type_name}"']

    def _more(self) -> list[Piece]:
        self._item()
        return [self.spelling.json(func.coalesce(func.max(self.found), literal_column("0")) > self.size)]

    def _cursor_at(self, number: Any) -> list[Piece]:
        there = (self.n == number) & (self.n <= self.size)
        return [func.coalesce(func.max(case((there, glue(self._cursor(self._item()))))), word("null"))]

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
