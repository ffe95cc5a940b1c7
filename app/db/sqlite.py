"""SQLite: one writer that commits for everybody who waits, readers beside it."""

import asyncio
import fcntl
import os
import sqlite3
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import aiosqlite

from app.db.ports import Listener, Reader, Writer
from app.db.statements import Insertion, Inserts, R, Statement
from app.errors import Overloaded, StorageFull

READERS = 4
SHARED_COMMIT_SECONDS = 0.05  # others wait for their turn meanwhile
STATEMENTS_KEPT = 1024
PRAGMAS = (
    "PRAGMA busy_timeout = 10000",  # first: others may have the file while it becomes WAL
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA wal_autocheckpoint = 16000",  # 64 MB: pages that change again and again are copied once
    "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -65536",
    "PRAGMA temp_store = MEMORY",
)


async def connect(path: Path, *, query_only: bool) -> aiosqlite.Connection:
    """A connection in a thread of its own: durable.

    Transactions are begun and ended by us alone.
    """
    connection = await aiosqlite.connect(path, isolation_level=None, cached_statements=STATEMENTS_KEPT)
    try:
        await prepared(connection, (*PRAGMAS, f"PRAGMA query_only = {query_only}"))
    except BaseException:
        await connection.close()  # else its thread keeps the process alive
        raise
    return connection


async def prepared(connection: aiosqlite.Connection, pragmas: Sequence[str]) -> None:
    """Sets a connection up, with the functions that SQLite 3.40 lacks."""
    for pragma in pragmas:
        await connection.execute_fetchall(pragma)
    await connection.create_function("json_float", 1, repr, deterministic=True)
    await connection.create_function("unhex", 1, bytes.fromhex, deterministic=True)


class SQLiteReader:
    """Reads within one account."""

    dialect = "sqlite"

    def __init__(self, connection: aiosqlite.Connection, account_id: int) -> None:
        self._connection = connection
        self._account = {"this_account": account_id}

    async def fetch(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows of the statement."""
        text = statement.text("sqlite")
        rows = await self._connection.execute_fetchall(text.sql, text.bound(values | self._account))
        return [statement.row(*text.read(row)) for row in rows]

    async def text(self, sql: str, values: Sequence[Any]) -> str | None:
        """The first column of the first row."""
        for row in await self._connection.execute_fetchall(sql, values):
            return row[0]  # type: ignore[no-any-return]
        return None


class SQLiteWriter(SQLiteReader):
    """Changes rows of one account, inside the transaction that the database began."""

    def __init__(self, connection: aiosqlite.Connection, account_id: int) -> None:
        super().__init__(connection, account_id)
        self._inserts: Inserts = {}
        self._later: list[tuple[Statement[Any], Mapping[str, Any]]] = []
        self._started: list[asyncio.Task[int]] = []
        self.news: list[str] = []

    def announce(self, news: str) -> None:
        """Tells all who listen, once it is committed."""
        self.news.append(news)

    def insert(self, into: Insertion, **row: Any) -> None:
        """Inserts a row, at the latest before the next statement runs or the transaction ends."""
        self._inserts.setdefault(into, []).append(row)

    def insert_each(self, into: Insertion, rows: Iterable[Mapping[str, Any]]) -> None:
        """Inserts rows, as late."""
        self._inserts.setdefault(into, []).extend(rows)

    def later(self, statement: Statement[Any], **values: Any) -> None:
        """Runs a change together with the rows that wait."""
        self._later.append((statement, values))

    async def start(self) -> None:
        """Starts what waits, each table's rows while the next are packed."""
        inserts, self._inserts = self._inserts, {}
        for into, rows in inserts.items():
            self._started.append(asyncio.create_task(self._insert(into, rows)))
            await asyncio.sleep(0)

    async def ended(self) -> None:
        """Waits for what was started. Raises what went wrong first."""
        started, self._started = self._started, []
        for outcome in await asyncio.gather(*started, return_exceptions=True):
            if isinstance(outcome, BaseException):
                raise outcome

    async def settle(self) -> None:
        """Runs what waits, table by table."""
        await self.ended()
        inserts, later = self._inserts, self._later
        self._inserts, self._later = {}, []
        for into, rows in inserts.items():
            await self._insert(into, rows)
        for statement, values in later:
            text = statement.text("sqlite")
            await self._connection.execute_fetchall(text.sql, text.bound({**values, **self._account}))

    async def fetch(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows of the statement."""
        await self.settle()
        return await super().fetch(statement, **values)

    async def execute(self, statement: Statement[Any], **values: Any) -> None:
        """Runs a change."""
        self.later(statement, **values)
        await self.settle()

    async def execute_many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a change for each of the rows."""
        await self.settle()
        await self._each(statement, rows)

    async def insert_new(self, into: Insertion, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
        """Inserts those of the rows that break no unique key; their ids."""
        await self.settle()
        ids = {row["id"] for row in rows}
        if await self._insert(into, rows) == len(rows):
            return ids
        return {id for (id,) in await super().fetch(into.there, ids=ids)}

    async def _insert(self, into: Insertion, rows: Sequence[Mapping[str, Any]]) -> int:
        """Inserts the rows; how many were."""
        if not into.packing.takes(rows):
            return await self._each(into.one, rows)
        text = into.packed.text("sqlite")
        cursor = await self._connection.execute(text.sql, text.bound({**into.packing.packed(rows), **self._account}))
        inserted = cursor.rowcount
        await cursor.close()
        return inserted

    async def _each(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> int:
        """Runs a change for each of the rows; how many rows it changed."""
        text = statement.text("sqlite")
        cursor = await self._connection.executemany(text.sql, text.each_bound(rows, self._account))
        changed = cursor.rowcount
        await cursor.close()
        return changed


@dataclass(slots=True)
class Waiting:
    """A change whose turn has not come, or whose commit has not; then with its result, and what it announces."""

    account_id: int
    work: Callable[[Writer], Awaitable[Any]]
    done: asyncio.Future[Any]
    result: Any = None
    news: Sequence[str] = ()


class SQLiteDatabase:
    """A database file. Only one server or worker may have it open; commands take their turn by its own lock."""

    dialect = "sqlite"

    def __init__(self, path: Path, *, max_waiting: int) -> None:
        self._path = path
        self._max_waiting = max_waiting
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._waiting: deque[Waiting] = deque()
        self._arrived = asyncio.Event()
        self._listeners: list[Listener] = []

    async def open(self) -> "SQLiteDatabase":
        """Opens the connections and begins to take changes."""
        self._writer = await connect(self._path, query_only=False)
        for _ in range(READERS):
            self._readers.put_nowait(await connect(self._path, query_only=True))
        self._task = asyncio.create_task(self._write_for_all())
        return self

    async def close(self) -> None:
        """Ends all connections; changes that still wait are refused."""
        self._task.cancel()
        with suppress(asyncio.CancelledError):
            await self._task
        for waiting in self._waiting:
            refuse(waiting, Overloaded())
        await self._writer.close()
        for _ in range(READERS):
            await (await self._readers.get()).close()

    @asynccontextmanager
    async def reading(self, account_id: int) -> AsyncIterator[Reader]:
        """A connection to read with, for as long as it is held."""
        connection = await self._readers.get()
        try:
            yield SQLiteReader(connection, account_id)
        finally:
            self._readers.put_nowait(connection)

    async def write(self, account_id: int, work: Callable[[Writer], Awaitable[Any]]) -> Any:
        """Waits for its turn; answers when the commit is on disk."""
        if len(self._waiting) >= self._max_waiting:
            raise Overloaded
        waiting = Waiting(account_id, work, asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._arrived.set()
        return await waiting.done

    async def _write_for_all(self) -> None:
        while True:
            self._arrived.clear()
            if not self._waiting:
                await self._arrived.wait()
            await self._share_a_commit()

    async def _share_a_commit(self) -> None:
        """Does the changes that wait, each in a savepoint, and commits them together: one wait for the disk."""
        done: list[Waiting] = []
        began = monotonic()
        try:
            await self._writer.execute_fetchall("BEGIN IMMEDIATE")
            while self._waiting and monotonic() - began < SHARED_COMMIT_SECONDS:
                waiting = self._waiting.popleft()
                try:
                    await self._alone(waiting)
                    done.append(waiting)
                except Exception as error:
                    refuse(waiting, translated(error))
            await self._writer.execute_fetchall("COMMIT")
        except Exception as error:
            if self._writer.in_transaction:
                await self._writer.execute_fetchall("ROLLBACK")
            for waiting in done or [self._waiting.popleft()]:
                refuse(waiting, translated(error))
            return
        for waiting in done:
            self._tell(waiting)

    def _tell(self, waiting: Waiting) -> None:
        """Tells the caller that its change is on disk, and those who listen what it announces."""
        if not waiting.done.done():
            waiting.done.set_result(waiting.result)
        for news in waiting.news:
            for listener in self._listeners:
                listener.hear(waiting.account_id, news)

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        """Lets somebody hear what is announced."""
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    async def _alone(self, waiting: Waiting) -> None:
        """One change within the shared transaction; a failure takes back only its own."""
        await self._writer.execute_fetchall("SAVEPOINT alone")
        writer = SQLiteWriter(self._writer, waiting.account_id)
        try:
            waiting.result = await waiting.work(writer)
            await writer.settle()
            waiting.news = writer.news
        except BaseException:
            with suppress(Exception):
                await writer.ended()
            await self._writer.execute_fetchall("ROLLBACK TO alone")
            raise
        finally:
            await self._writer.execute_fetchall("RELEASE alone")


def refuse(waiting: Waiting, error: BaseException) -> None:
    """Tells the caller, unless it is gone."""
    if not waiting.done.done():
        waiting.done.set_exception(error)


def translated(error: Exception) -> Exception:
    """A full disk is told as such."""
    full = isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return StorageFull() if full else error


class FileTaken(Exception):
    """Another server or worker has the file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another server or worker uses {path}. SQLite serves one process; stop it, or use PostgreSQL for several."
        )


def take(path: Path) -> int:
    """Takes the file for this process until it ends; raises FileTaken where another has it."""
    descriptor = os.open(f"{path}.lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise FileTaken(path) from None
    return descriptor
