"""A database of nobody: tables on which changes are tried out, and of which nothing stays."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiosqlite
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

from app.db.ports import Writer
from app.db.sqlite import SQLiteWriter, prepared

#: Rows may stand without what they refer to, and nothing need outlast anything; a file without a name goes with its
#: process. Its pages are in memory up to 32 MB, else in that file.
PRAGMAS = (
    "PRAGMA journal_mode = OFF",
    "PRAGMA synchronous = OFF",
    "PRAGMA foreign_keys = OFF",
    "PRAGMA cache_size = -32768",
)
_DIALECT = sqlite.dialect()


@asynccontextmanager
async def scratch(account_id: int) -> AsyncIterator[Writer]:
    """A writer on all tables, empty, for one account; all of it is gone at the end, even at a violent one."""
    async with aiosqlite.connect("", isolation_level=None) as connection:
        await prepared(connection, PRAGMAS)
        for statement in _made():
            await connection.execute_fetchall(statement)
        await connection.execute_fetchall("BEGIN")  # never ended: nothing is to be waited for
        yield SQLiteWriter(connection, account_id)
        await connection.execute_fetchall("ROLLBACK")


def _made() -> Sequence[str]:
    """What makes the tables."""
    tables = SQLModel.metadata.sorted_tables
    indexes: list[Any] = [
        CreateIndex(index) for each in tables for index in sorted(each.indexes, key=lambda i: str(i.name))
    ]
    return [str(made.compile(dialect=_DIALECT)) for made in [*map(CreateTable, tables), *indexes]]
