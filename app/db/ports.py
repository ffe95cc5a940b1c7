"""What both databases offer: reading and writing, each confined to one account."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.db.statements import Insertion, R, Statement

T = TypeVar("T")


class Reader(Protocol):
    """A connection that reads the rows of one account."""

    dialect: str

    async def fetch(self, statement: Statement[R], **values: Any) -> list[R]:
        """All rows of the statement."""
        ...

    async def text(self, sql: str, values: Sequence[Any]) -> str | None:
        """The first column of the first row of compiled SQL; None where there is no row."""
        ...


class Writer(Reader, Protocol):
    """A connection inside a transaction that changes rows of one account. Nobody commits but the database itself."""

    def insert(self, into: Insertion, **row: Any) -> None:
        """Inserts a row, at the latest before the next statement runs or the transaction ends.

        So the rows of one step of the work, in whatever tables, take one round trip.
        """
        ...

    def insert_each(self, into: Insertion, rows: Iterable[Mapping[str, Any]]) -> None:
        """Inserts rows, as late; many take less time so."""
        ...

    async def insert_new(self, into: Insertion, rows: Sequence[Mapping[str, Any]]) -> set[UUID]:
        """Inserts those of the rows that break no unique key; their ids, which are new. Of two alike the first goes in.

        `into` must skip what is known. Rows that several writers may insert at once are to be in one order for all.
        """
        ...

    def announce(self, news: str) -> None:
        """Tells all who listen, in every process, once the transaction is committed; at most 7,900 bytes."""
        ...

    def later(self, statement: Statement[Any], **values: Any) -> None:
        """Runs a change together with the rows that wait to be inserted; neither may depend on what the others do."""
        ...

    async def start(self) -> None:
        """Starts what waits and does not wait for its end: for long work that goes on meanwhile.

        What goes wrong is raised by the next statement.
        """
        ...

    async def settle(self) -> None:
        """Runs what waits, for what comes next depends on it."""
        ...

    async def execute(self, statement: Statement[Any], **values: Any) -> None:
        """Runs a change. What it did is asked for by RETURNING, and fetched."""
        ...

    async def execute_many(self, statement: Statement[Any], rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a change for each of the rows, in one round trip."""
        ...


class Difference(NamedTuple):
    """Something stored that is not what it must be: what a check of an account finds."""

    what: str
    id: UUID


class Again(Exception):
    """Somebody else was faster: the transaction is to be rolled back and the work done again from the start."""


class Listener(Protocol):
    """Somebody who hears what is announced."""

    def hear(self, account_id: int, news: str) -> None:
        """Hears what a transaction of the account announced; in the order of the commits, as far as one can be told."""
        ...

    def lost(self) -> None:
        """From here on nothing is heard any more: what is announced is missed."""
        ...


class Database(Protocol):
    """One of the two databases, opened."""

    dialect: str

    def reading(self, account_id: int) -> AbstractAsyncContextManager[Reader]:
        """A connection to read with; never shared between two fields."""
        ...

    async def write(self, account_id: int, work: Callable[[Writer], Awaitable[T]]) -> T:
        """Does the work in one transaction and commits it; the work may be run again, so it must not touch the outside.

        Raises Overloaded where too many changes wait, StorageFull where the disk has no room.
        """
        ...

    def listening(self, listener: Listener) -> AbstractAsyncContextManager[None]:
        """Lets somebody hear what is announced from now on, by this process or another, until the end or a loss.

        On SQLite what this process announces: servers and workers are one process there.
        """
        ...

    async def close(self) -> None:
        """Ends all connections."""
        ...


def first(rows: Sequence[T]) -> T | None:
    """The first row, if any."""
    return rows[0] if rows else None
