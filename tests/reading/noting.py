"""A database that notes which SQL it is asked; everything else goes to the real one."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from app.db import Database, Listener, Reader, Statement, Writer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Issued:
    """A statement that was run to answer a root field, and the values it was run with."""

    sql: str
    values: tuple[Any, ...]


class NotingReader:
    """Reads as the reader beneath does, and notes what was read as finished JSON."""

    def __init__(self, reader: Reader, issued: list[Issued]) -> None:
        self.dialect = reader.dialect
        self._reader = reader
        self._issued = issued

    async def fetch(self, statement: Statement[T], **values: Any) -> list[T]:
        """All rows of the statement; not noted, for no field is read so."""
        return await self._reader.fetch(statement, **values)

    async def text(self, sql: str, values: Sequence[Any]) -> str | None:
        """The first column of the first row."""
        self._issued.append(Issued(sql, tuple(values)))
        return await self._reader.text(sql, values)


@dataclass(slots=True)
class NotingDatabase:
    """Notes every statement that answers a root field."""

    database: Database
    issued: list[Issued] = field(default_factory=list)
    dialect: str = field(init=False)

    def __post_init__(self) -> None:
        self.dialect = self.database.dialect

    @asynccontextmanager
    async def reading(self, account_id: int) -> AsyncIterator[Reader]:
        """A connection to read with, that notes."""
        async with self.database.reading(account_id) as reader:
            yield NotingReader(reader, self.issued)

    async def write(self, account_id: int, work: Callable[[Writer], Awaitable[T]]) -> T:
        """Does the work in one transaction."""
        return await self.database.write(account_id, work)

    def listening(self, listener: Listener) -> AbstractAsyncContextManager[None]:
        """Lets somebody hear what is announced."""
        return self.database.listening(listener)

    async def close(self) -> None:
        """Ends all connections."""
        await self.database.close()
