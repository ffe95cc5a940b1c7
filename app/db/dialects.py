"""SQL text for the two databases, confined to one account.

The compilers here put `account_id = <the account of the request>` into every SELECT, UPDATE and DELETE over a table
that has such a column, however deeply it is nested. No statement of the system can forget it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Integer, and_, bindparam
from sqlalchemy.dialects.postgresql.asyncpg import PGCompiler_asyncpg, PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import Delete, Update
from sqlalchemy.sql.elements import BindParameter, ColumnElement
from sqlalchemy.sql.schema import Table
from sqlalchemy.sql.selectable import Alias, FromClause, Join

#: Stands for the account in every statement; its value comes from the connection, never from a query.
ACCOUNT: BindParameter[int] = bindparam("this_account", type_=Integer)


def tables_in(sources: Iterable[FromClause]) -> Iterator[FromClause]:
    """The tables and aliases of tables among these sources, joins taken apart; not those that may be missing."""
    for source in sources:
        if isinstance(source, Join):
            yield from tables_in((source.left,) if source.isouter else (source.left, source.right))
        elif isinstance(source, Table) or (isinstance(source, Alias) and isinstance(source.element, Table)):
            yield source


def confinement(sources: Iterable[FromClause]) -> list[ColumnElement[bool]]:
    """The conditions that keep these sources within the account."""
    return [table.c.account_id == ACCOUNT for table in tables_in(sources) if "account_id" in table.c]


class Confined(SQLCompiler):
    """Adds the account's condition wherever rows are read or changed."""

    def _compose_select_body(self, text: Any, select: Any, state: Any, inner: Any, froms: Any, *rest: Any) -> Any:
        # `froms` is what this very SELECT lists: sources that it only refers to, outside of it, are not among them.
        confined = select.where(*confinement(froms))
        return super()._compose_select_body(text, confined, state, inner, froms, *rest)  # type: ignore[no-untyped-call]

    def visit_join(self, join: Join, *args: Any, **kw: Any) -> Any:
        """A join; where rows of its right side may be missing, the condition is a part of what joins them."""
        if join.isouter:
            on: Any = join.onclause
            confined = and_(on, *confinement((join.right,)))
            join = Join(join.left, join.right, confined, isouter=True, full=join.full)
        return super().visit_join(join, *args, **kw)  # type: ignore[no-untyped-call]

    def visit_update(self, update_stmt: Update, *args: Any, **kw: Any) -> str:
        """An UPDATE within the account."""
        return super().visit_update(update_stmt.where(*confinement([update_stmt.table])), *args, **kw)

    def visit_delete(self, delete_stmt: Delete, *args: Any, **kw: Any) -> Any:
        """A DELETE within the account."""
        confined = delete_stmt.where(*confinement([delete_stmt.table]))
        return super().visit_delete(confined, *args, **kw)  # type: ignore[no-untyped-call]


class _ConfinedSQLite(Confined, SQLiteCompiler):
    pass


class _ConfinedPostgreSQL(Confined, PGCompiler_asyncpg):
    pass


class SQLiteDialect(SQLiteDialect_pysqlite):
    """SQLite, every statement confined to an account."""

    supports_statement_cache = True
    statement_compiler = _ConfinedSQLite


class PostgreSQLDialect(PGDialect_asyncpg):
    """PostgreSQL, every statement confined to an account."""

    supports_statement_cache = True
    statement_compiler = _ConfinedPostgreSQL
