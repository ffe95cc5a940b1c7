"""The rows that failed, as a CSV file that is written while it is read."""

from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from app.db import Database
from app.imports.queries.mistakes import WRONG, Wrong
from app.imports.rules.failing import HEADERS, failed_row

BOM = b"\xef\xbb\xbf"  # by which spreadsheets know that it is UTF-8


async def failed_rows(database: Database, account_id: int, import_id: UUID) -> AsyncIterator[bytes]:
    """The file in parts, a line for each row that has mistakes."""
    yield BOM + HEADERS.encode()
    waiting: list[Wrong] = []  # the mistakes of the last row: the next page may have more of them
    async for page in _pages(database, account_id, import_id):
        *whole, waiting = _by_row([*waiting, *page])
        yield "".join(map(failed_row, whole)).encode()
    if waiting:
        yield failed_row(waiting).encode()


async def _pages(database: Database, account_id: int, import_id: UUID) -> AsyncIterator[Sequence[Wrong]]:
    """The mistakes in their order; each page has a connection of its own, for who reads them takes their time."""
    row, place = 0, -1
    while True:
        async with database.reading(account_id) as reader:
            page = await reader.fetch(WRONG, import_id=import_id, row=row, place=place)
        if not page:
            return
        yield page
        row, place = page[-1].row, page[-1].place


def _by_row(mistakes: Sequence[Wrong]) -> list[list[Wrong]]:
    return [list(of) for _, of in groupby(mistakes, attrgetter("row"))]
