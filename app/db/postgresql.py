"""PostgreSQL: a pool of connections without session state; short transactions that start over on conflicts."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import lru_cache
from itertools import chain
from typing import Any
from uuid import UUID

import asyncpg

from app.db.ports import Again, Listener, Reader, Writer
from app.db.statements import Insertion, Inserts, R, Statement, listed
from app.errors import Overloaded, StorageFull, Unreachable
from app.log import log

TRIES = 9
PARAMETER = re.compile(r"\$(\d+)")  # no text with a dollar stands in a change, so every one is a parameter
STATEMENTS_KEPT = 1000
CONFLICTS = (
    Again,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    asyncpg.LockNotAvailableError,
    asyncpg.ForeignKeyViolationError,  # what was found is gone since: who looks again finds it no more
)
SHUTTING_DOWN = (asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.CannotConnectNowError)
#: Plans are made once: what is bound does not change which index is right. Nothing here is set again later, so that a
#: connection needs no reset when it comes back.
SESSION = {
    "application_name": "tandem",
    "timezone": "UTC",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
    "lock_timeout": "2000",
    "statement_timeout": "30000",
    "idle_in_transaction_session_timeout": "30000",
}
ANNOUNCED = "tandem"
ANNOUNCE = f"SELECT pg_notify('{ANNOUNCED}', news) FROM unnest($1::text[]) AS news"
LOOKED_AFTER_SECONDS = 5.0
jitter = random.SystemRandom().uniform


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    def get_reset_query(self) -> str:
        """Nothing to reset: no statement of ours leaves anything in the session."""
        return ""


class PostgreSQLReader:
    """Reads within one account."""

    dialect = "postgresql"

    def __init__(self, connection: Any, account_id: int) -> None:
        self._connection = connection
        self._account = {"this_account": account_id}

    async def fetch(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows of the statement."""
        text = statement.text("postgresql")
        rows = await self._connection.fetch(text.sql, *text.bound(values | self._account))
        return [statement.row(*text.read(row)) for row in rows]

    async def text(self, sql: str, values: Sequence[Any]) -> str | None:
        """The first column of the first row."""
        return await self._connection.fetchval(sql, *values)  # type: ignore[no-any-return]


class PostgreSQLWriter(PostgreSQLReader):
    """Changes rows of one account, inside the transaction that the database began."""

    def __init__(self, connection: Any, account_id: int) -> None:
        super().__init__(connection, account_id)
        self._inserts: Inserts = {}
        self._later: list[tuple[Statement[Any], Mapping[str, Any]]] = []
        self._news: list[str] = []
        self._started: asyncio.Task[None] | None = None

    def announce(self, news: str) -> None:
        """Tells all who listen, once it is committed."""
        self._news.append(f"{self._account['this_account']} {news}")

    async def finish(self) -> None:
        """Runs what waits, and hands over what is announced with the commit."""
        await self.settle()
        if self._news:
            await self._connection.execute(ANNOUNCE, self._news)

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
        """Starts what waits, as one statement."""
        await self.ended()
        self._started = asyncio.create_task(self._run_waiting())
        await asyncio.sleep(0)

    async def ended(self) -> None:
        """Waits for what was started. Raises what went wrong."""
        started, self._started = self._started, None
        if started is not None:
            await started

    async def settle(self) -> None:
        """Runs what waits as one statement. Raises Again where somebody else was faster."""
        await self.ended()
        await self._run_waiting()

    async def _run_waiting(self) -> None:
        inserts, later = self._inserts, self._later
        self._inserts, self._later = {}, []
        changes: list[tuple[Statement[Any], Mapping[str, Any]]] = [
            (into.one, rows[0]) if len(rows) == 1 else (into.many, listed(rows)) for into, rows in inserts.items()
        ]
        changes += later
        if not changes:
            return
        texts = [statement.text("postgresql") for statement, _ in changes]
        bound = (text.bound({**row, **self._account}) for text, (_, row) in zip(texts, changes, strict=True))
        sql = together(tuple(text.sql for text in texts))
        try:
            await self._connection.execute(sql, *chain.from_iterable(bound))
        except asyncpg.UniqueViolationError:
            if any(into.contested for into in inserts):
                raise Again from None
            raise

    async def insert_new(self, into: Insertion, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
        """Inserts those of the rows that break no unique key; their ids."""
        return {id for (id,) in await self.fetch(into.many_new, **listed(rows))} if rows else set()

    async def fetch(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows of the statement."""
        await self.settle()
        return await super().fetch(statement, **values)

    async def execute(self, statement: Statement[Any], **values: Any) -> None:
        """Runs a change."""
        self.later(statement, **values)
        await self.settle()

    async def execute_many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a change for each of the rows, in one round trip."""
        await self.settle()
        text = statement.text("postgresql")
        await self._connection.executemany(text.sql, [text.bound({**row, **self._account}) for row in rows])


class PostgreSQLDatabase:
    """A PostgreSQL database, shared with any number of other processes."""

    dialect = "postgresql"

    def __init__(self, url: str, *, max_connections: int) -> None:
        self._url = url
        self._max_connections = max_connections

    async def open(self) -> "PostgreSQLDatabase":
        """Opens the pool."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=2,
            max_size=self._max_connections,
            connection_class=_Connection,
            server_settings=SESSION,
            statement_cache_size=STATEMENTS_KEPT,
            max_cached_statement_lifetime=0,
        )
        return self

    async def close(self) -> None:
        """Ends all connections."""
        await self._pool.close()

    @asynccontextmanager
    async def reading(self, account_id: int) -> AsyncIterator[Reader]:
        """A connection to read with, for as long as it is held."""
        async with self._pool.acquire() as connection:
            yield PostgreSQLReader(connection, account_id)

    @asynccontextmanager
    async def listening(self, listener: Listener) -> AsyncIterator[None]:
        """Lets somebody hear what is announced, over a connection of its own."""
        connection = await asyncpg.connect(self._url, server_settings=SESSION)

        def hear(_connection: Any, _pid: int, _channel: str, news: str) -> None:
            account_id, _, text = news.partition(" ")
            listener.hear(int(account_id), text)

        def lost(_connection: Any) -> None:
            listener.lost()

        looked_after = asyncio.create_task(look_after(connection))
        try:
            connection.add_termination_listener(lost)
            await connection.add_listener(ANNOUNCED, hear)
            yield
        finally:
            looked_after.cancel()
            connection.remove_termination_listener(lost)
            connection.terminate()

    async def write(self, account_id: int, work: Callable[[Writer], Awaitable[Any]]) -> Any:
        """One transaction (READ COMMITTED, explicit locks); from the start again on a conflict, with a random pause.

        So also where the connection is lost before the commit: nothing was done then. Lost in the commit, the outcome
        is unknown, and the error goes to the caller.
        """
        for attempt in range(TRIES):
            try:
                return await self._once(account_id, work)
            except CONFLICTS as conflict:
                log.info("started over", cause=type(conflict).__name__, attempt=attempt + 1)
            except _LostBeforeCommit as lost:
                log.info("connection lost", cause=str(lost), attempt=attempt + 1)
                if attempt == TRIES - 1:
                    raise Unreachable from None
            except asyncpg.DiskFullError:
                raise StorageFull from None
            await asyncio.sleep(jitter(0, 0.005 * 2**attempt))
        raise Overloaded

    async def _once(self, account_id: int, work: Callable[[Writer], Awaitable[Any]]) -> Any:
        async with self._connected() as connection:
            with lost_before_commit():
                await connection.execute("BEGIN")
                writer = PostgreSQLWriter(connection, account_id)
                try:
                    result = await work(writer)
                    await writer.finish()
                except BaseException:
                    with suppress(Exception):
                        await writer.ended()
                    await connection.execute("ROLLBACK")
                    raise
            await connection.execute("COMMIT")
            return result

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[Any]:
        with lost_before_commit():
            connection = await self._pool.acquire()
        try:
            yield connection
        finally:
            await self._pool.release(connection)


async def look_after(connection: Any) -> None:
    """Ends a connection that does not answer any more, so that its loss is noticed."""
    while not connection.is_closed():
        await asyncio.sleep(LOOKED_AFTER_SECONDS)
        try:
            await connection.fetchval("SELECT 1", timeout=LOOKED_AFTER_SECONDS)
        except (TimeoutError, asyncpg.InterfaceError, asyncpg.PostgresError, OSError):
            connection.terminate()


class _LostBeforeCommit(Exception):
    """The connection was lost, or could not be made, while nothing was done yet."""


@contextmanager
def lost_before_commit() -> Iterator[None]:
    """Tells a lost connection from what is wrong with a statement."""
    try:
        yield
    except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, *SHUTTING_DOWN, OSError) as error:
        if isinstance(error, ValueError):  # asyncpg's complaint about a value
            raise
        raise _LostBeforeCommit(type(error).__name__) from error


@lru_cache(maxsize=STATEMENTS_KEPT)
def together(changes: tuple[str, ...]) -> str:
    """Several changes as one statement; its parameters are theirs, one after the other."""
    texts, taken = [], 0
    for change in changes:
        before = taken
        texts.append(PARAMETER.sub(lambda found, before=before: f"${int(found[1]) + before}", change))  # type: ignore[misc]
        taken += max(int(number) for number in PARAMETER.findall(change))
    if len(texts) == 1:
        return texts[0]
    named = ", ".join(f"part_{number} AS ({text})" for number, text in enumerate(texts))
    return f"WITH {named} SELECT"  # every part is done, whether anything is selected of it or not
