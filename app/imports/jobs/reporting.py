"""The file with the rows that have mistakes, which is written while it is read."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from app.db import Database
from app.errors import ErrorCode
from app.imports.queries.mistakes import WRONG, File, Wrong
from app.imports.rules import telling
from app.imports.rules.forms import Form
from app.imports.rules.rows import Mistake

TEXT_AT_ONCE = 64 * 1024  # bytes of the file that are written before others have a turn
BOM = b"\xef\xbb\xbf"  # by which spreadsheets know that it is UTF-8


async def failed_rows(database: Database, account_id: int, file: File) -> AsyncIterator[bytes]:
    """The content of the file, in parts; nothing where no row could be read at all."""
    yield BOM
    if file.form is None:
        return
    form = Form.of(file.form)
    yield telling.heading(form)
    waiting: list[Wrong] = []  # the mistakes of the last row: the next page may have more of them
    async for page in pages(database, account_id, file.id):
        *whole, waiting = by_row([*waiting, *page])
        async for lines in _lines(form, whole):
            yield lines
    if waiting:
        yield _line(form, waiting)


async def _lines(form: Form, rows: Sequence[Sequence[Wrong]]) -> AsyncIterator[bytes]:
    """The lines of rows, some at a time."""
    lines = bytearray()
    for mistakes in rows:
        lines += _line(form, mistakes)
        if len(lines) >= TEXT_AT_ONCE:
            yield bytes(lines)
            lines.clear()
            await asyncio.sleep(0)
    yield bytes(lines)


async def pages(database: Database, account_id: int, import_id: UUID) -> AsyncIterator[Sequence[Wrong]]:
    """The mistakes in their order; each page has a connection of its own, for who reads them takes their time."""
    row, place = 0, -1
    while True:
        async with database.reading(account_id) as reader:
            page = await reader.fetch(WRONG, import_id=import_id, row=row, place=place)
        if not page:
            return
        yield page
        row, place = page[-1].row, page[-1].place


def by_row(mistakes: Sequence[Wrong]) -> list[list[Wrong]]:
    """The mistakes of each row, together."""
    return [list(of) for _, of in groupby(mistakes, attrgetter("row"))]


def _line(form: Form, wrong: Sequence[Wrong]) -> bytes:
    first = wrong[0]
    mistakes = [Mistake(ErrorCode(each.code), each.message, each.column) for each in wrong]
    return telling.told(form, number=first.row, line=first.line, mistakes=mistakes, raw=first.raw or "")
