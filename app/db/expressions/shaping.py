"""What a statement says as it stands: constants, columns of a row outside, joins in an order."""

from typing import Any

from sqlalchemy import Integer, String, inspect, literal_column, true
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement, True_
from sqlalchemy.sql.selectable import FromClause, Join


def constant(value: str | int) -> ColumnElement[Any]:
    """A constant of ours as it stands in the SQL: what a partial index or a plan depends on is not to be bound."""
    text = str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"
    return literal_column(text, Integer if isinstance(value, int) else String)


class outer(ColumnElement[Any]):  # noqa: N801
    """A column of a row outside: a statement that refers to it never lists its table anew, however deep it is."""

    inherit_cache = False

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> list[Any]:
        return []


@compiles(outer)
def _outer(element: outer, compiler: SQLCompiler, **_: Any) -> str:
    return compiler.process(element.column)


class unindexed(ColumnElement[Any]):  # noqa: N801
    """A column that only tells rows apart: SQLite takes no index for it. PostgreSQL, which has statistics, decides."""

    inherit_cache = False

    def __init__(self, column: Any) -> None:
        self.column = column
        self.type = column.type

    @property
    def _from_objects(self) -> list[Any]:
        return list(self.column._from_objects)


@compiles(unindexed)
def _unindexed(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return compiler.process(element.column, **kw)


@compiles(unindexed, "sqlite")
def _unindexed_sqlite(element: unindexed, compiler: SQLCompiler, **kw: Any) -> str:
    return f"+{compiler.process(element.column, **kw)}"


class _InThisOrder(Join):
    inherit_cache = True


@compiles(_InThisOrder, "sqlite")
def _in_this_order_sqlite(join: _InThisOrder, compiler: SQLCompiler, **kw: Any) -> str:
    left, right = (compiler.process(side, **kw) for side in (join.left, join.right))
    onclause: Any = join.onclause
    on = "" if isinstance(onclause, True_) else f" ON {compiler.process(onclause, **kw)}"
    return f"{left} CROSS JOIN {right}{on}"


def in_order(left: Any, right: Any, on: Any = None) -> Join:
    """A join whose left side is read first: else SQLite, which has no statistics, may begin with a whole account.

    PostgreSQL, which has them, orders its joins itself.
    """
    first, then = (side if isinstance(side, FromClause) else inspect(side).selectable for side in (left, right))
    return _InThisOrder(first, then, true() if on is None else on)
