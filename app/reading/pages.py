"""Connections: keyset pages, both ways, read once whatever is selected of them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Integer, Select, Text, case, cast, func, literal_column, or_, select

from app.reading.errors import LARGEST_PAGE, BadPageSize, BothWays
from app.reading.gluing import Piece, braced, glue, narrowed
from app.reading.keyset import Keyset
from app.reading.plans import Path
from app.reading.rows import rows_of
from app.reading.scopes import IN_PAGE, IN_ROWS, Scope
from app.reading.sources import Bound, Request, Selection
from app.reading.spelling import spelled, word

DEFAULT_SIZE = 20
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
        self.name = compiler.new_name("page")
        self.columns: dict[str, Any] = {}
        self.n: Any = literal_column(f"{self.name}.n", Integer)
        self.found: Any = literal_column(f"{self.name}.found", Integer)
        arguments = compiler.given({name: value for name, value in given.items() if name not in PAGING})
        source: Any = selection.source
        found = source.of(row, **arguments, **compiler.worked_out(selection))
        self.rows = rows_of(found, lateral=self.spelling.lateral)
        self.keyset = Keyset(compiler, selection, arguments, self.rows.entity)
        self.numbered = self.keyset.backward or any(child.name == "pageInfo" for child in selection.children)
        self.size = self._size("last" if self.keyset.backward else "first")
        self.room_to_choose = source.room_to_choose if arguments else 0
        self.room = source.room + self.room_to_choose

    def _size(self, name: str) -> Any:
        given = self.selection.arguments.get(name)
        if given is None:
            return literal_column(str(DEFAULT_SIZE), Integer)
        return self.compiler.bind(sized(given, name), Integer())

    # ---- JSON of it

    def statement(self) -> Select[Any]:
        """The connection as JSON: aggregates over its page.

        JSON is made only of the rows of the page, once they are sorted and limited, and of the columns it needs. Where
        nothing is selected of its rows, there is no page: without an aggregate there would be an answer for each row.
        """
        parts = [(child.key, self._part(child)) for child in self.selection.children]
        statement = select(glue(braced(parts)))
        if self.columns:
            return statement.select_from(self._rows())
        self._check_paging()
        return statement

    def _check_paging(self) -> None:
        """Lets the size and the cursors be looked at where there is no page: what is wrong with them is told always."""
        for name in ("first", "last"):
            if given := self.selection.arguments.get(name):
                self.compiler.check(sized(given, name))
        for cursor, name, _ in self.keyset.cursors():
            self.compiler.check(self.keyset.of_mark(cursor, name, tuple))

    def _noted(self, name: str) -> Any:
        """A column of the page's rows, which from now on have it."""
        self.columns[name] = getattr(self.rows.entity, name)
        return literal_column(f'{self.name}."{name}"', self.columns[name].type)

    def _item(self) -> Item:
        """A row of the page; that there is one is needed, whatever of it."""
        self._noted(self.keyset.beside)
        return Item(self._noted)

    def _rows(self) -> Any:
        """The rows of the page in the order of the answer.

        Where that is needed they are numbered (`n`, from 1), are one more than fit, and say how many were `found`.
        """
        self.scope.opening(self.room)
        if not self.numbered:
            return self.rows.page(self.keyset, list(self.columns), self.size).subquery(self.name)
        backward = self.keyset.backward
        self.scope.opening(
            self.room + (2 * IN_ROWS if backward else IN_ROWS)
        )  # there is room for what says of which rows it is
        found = self.rows.page(self.keyset, list(self.columns), self.size + 1).subquery()
        rows = select(found, func.row_number().over().label("n"), func.count().over().label("found"))
        if backward:
            numbered = rows.subquery()
            rows = select(numbered).order_by(numbered.c.n.desc())
        return rows.subquery(self.name)

    def _cursor(self, item: Any) -> list[Piece]:
        key, then = (spelled(self.spelling, part) for part in self.keyset.place(item))
        return [f'"{self.keyset.tag}~', key, "~", then, '"']

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
                self.scope.opening(self.room_to_choose)
                counted = narrowed(self.rows.whole(), func.count())
                return [cast(counted.scalar_subquery(), Text)]
            case _:
                return [f'"{child.type_name}"']

    def _info(self, field: Selection) -> list[Piece]:
        first: Any = literal_column("1")
        last = case((self.found > self.size, self.size), else_=self.found)
        backward = self.keyset.backward
        match field.name:
            case "hasNextPage":
                return self._exists(self.keyset.before, "before", later=True) if backward else self._more()
            case "hasPreviousPage":
                return self._more() if backward else self._exists(self.keyset.after, "after", later=False)
            case "startCursor":
                return self._cursor_at(last if backward else first)
            case "endCursor":
                return self._cursor_at(first if backward else last)
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
        beyond = self.rows.beyond(self.keyset, cursor, name, later=later)
        one = (narrowed(rows, literal_column("1")).limit(1).scalar_subquery() for rows in beyond)
        return [self.spelling.json(or_(*(found.is_not(None) for found in one)))]


def sized(given: Bound, name: str) -> Callable[[Request], int]:
    """The size of a page that a request asks for."""
    return lambda request: size(given.get(request), name)


def size(given: Any, name: str) -> int:
    """The size of a page as it was asked for. Raises BadPageSize."""
    if not isinstance(given, int) or not 0 <= given <= LARGEST_PAGE:
        raise BadPageSize(name)
    return given


def page(compiler: Any, selection: Selection, row: Any, scope: Scope, path: Path) -> Select[Any]:
    """A statement with the JSON of a connection."""
    return Paging(compiler, selection, row, scope, path).statement()
