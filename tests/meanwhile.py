"""Letting something happen in the middle of a change."""

from collections.abc import Awaitable, Callable
from typing import Any

from app.db import Writer


class Meanwhile:
    """A writer that lets something happen once: right after it first fetched a statement."""

    def __init__(self, statement: object, happens: Callable[[], Awaitable[Any]]) -> None:
        self._statement = statement
        self._happens = happens
        self.happened = False

    def __call__(self, writer: Writer) -> Writer:
        """The writer, watched; also when the work starts over."""
        self._writer = writer
        return self

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)

    async def fetch(self, statement: Any, **values: Any) -> Any:
        """All rows of the statement, as they were before it happened."""
        rows = await self._writer.fetch(statement, **values)
        if statement is self._statement and not self.happened:
            self.happened = True
            await self._happens()
        return rows
