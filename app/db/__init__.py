"""The two databases behind one door: statements compiled once, confined to an account, run on the driver itself."""

from collections.abc import Sequence
from pathlib import Path

from app.db.compacting import StillRead, compact_postgresql, compact_sqlite
from app.db.ports import Again, Database, Difference, Listener, Reader, Writer, first
from app.db.postgresql import PostgreSQLDatabase
from app.db.scratch import scratch
from app.db.sqlite import FileTaken, SQLiteDatabase, take
from app.db.statements import Insertion, Statement, changing, entity, inserting, param, selecting, table

__all__ = [
    "Again",
    "Database",
    "Difference",
    "FileTaken",
    "Insertion",
    "Listener",
    "Reader",
    "Statement",
    "StillRead",
    "Writer",
    "changing",
    "compact",
    "entity",
    "first",
    "inserting",
    "open_database",
    "param",
    "scratch",
    "selecting",
    "sqlite_path",
    "table",
    "take",
]


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite address; None for PostgreSQL."""
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite:///") else None


async def compact(url: str, *, tables: Sequence[str]) -> None:
    """Rewrites what is stored, so that the disk keeps nothing of rows that were removed. Raises StillRead."""
    path = sqlite_path(url)
    await (compact_sqlite(path) if path is not None else compact_postgresql(url, tables))


async def open_database(url: str, *, max_connections: int = 16, max_waiting: int = 1000) -> Database:
    """Opens `sqlite:///PATH` or `postgresql://…`; the tables must be there already."""
    path = sqlite_path(url)
    if path is not None:
        return await SQLiteDatabase(path, max_waiting=max_waiting).open()
    return await PostgreSQLDatabase(url, max_connections=max_connections).open()
