"""The rest of a file in batches, read a little at a time from where its import has come to."""

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from time import monotonic

from app.db import Database, first
from app.imports.errors import FileNotWhole
from app.imports.operations.running import Batch, Run
from app.imports.queries import running as queries
from app.imports.rules.forms import Form, form_of
from app.imports.rules.reading import Reading
from app.imports.rules.records import Record, Records
from app.imports.rules.rows import Row

CHUNK = 1024 * 1024  # bytes of a file that are kept together
SLICE = 16 * 1024  # of them are cut into records before others have a turn
TURN_SECONDS = 0.005  # of work before others have one
MOST_ROWS = 400  # others wait for them; where a batch ends depends on the file alone, so that all runs are alike
MOST_TEXT = 256 * 1024  # characters of the rows of a batch
MOST_BYTES = 4 * CHUNK  # that are read until it is said how far the import has come, even if there is no row in them


@dataclass(slots=True)
class Gathering:
    """The rows of the next batch. `number` is of its last row, `began` the place in the file where it begins."""

    reading: Reading
    number: int
    began: int
    rows: list[Row] = field(default_factory=list)
    text: int = 0

    def add(self, record: Record) -> None:
        """Adds the row of a record."""
        self.number += 1
        self.text += len(record.raw)
        self.rows.append(self.reading.row(self.number, record))

    def is_full(self) -> bool:
        """Whether another row would make it too large."""
        return len(self.rows) >= MOST_ROWS or self.text >= MOST_TEXT

    def is_late(self, place: int) -> bool:
        """Whether so much was read, up to this place, that the import is to be heard of again."""
        return place - self.began >= MOST_BYTES

    def batch(self, end: int, next_line: int) -> Batch:
        """The batch, which ends here; the next one begins."""
        found = Batch(self.rows, self.reading, self.began, end, next_line)
        self.rows, self.text, self.began = [], 0, end
        return found


async def form(database: Database, account_id: int, run: Run) -> Form:
    """How the file is written. Raises FileRefused."""
    if run.of.form is not None:
        return Form.of(run.of.form)
    return form_of(await _chunk(database, account_id, run, 0, 1))


async def batches(database: Database, account_id: int, run: Run, reading: Reading) -> AsyncGenerator[Batch]:
    """The rest of the file, judged. A batch has no row where there was none for long.

    Raises FileNotWhole where a part of the file is gone, before anything is taken for a row that was cut by that.
    """
    records = Records(reading.form.encoding, reading.form.delimiter, offset=run.of.bytes_read, line=run.of.line)
    gathering = Gathering(reading, run.of.rows, run.of.bytes_read)
    async for some in _records(database, account_id, run, records):
        turn = monotonic() + TURN_SECONDS
        for record in some:
            gathering.add(record)
            if gathering.is_full():
                yield gathering.batch(record.end, record.next_line)
            if monotonic() > turn:
                await asyncio.sleep(0)
                turn = monotonic() + TURN_SECONDS
        if gathering.is_late(records.place):
            yield gathering.batch(records.place, records.line)
    if gathering.rows:
        yield gathering.batch(records.place, records.line)


async def _records(database: Database, account_id: int, run: Run, records: Records) -> AsyncGenerator[list[Record]]:
    """The records from where the import has come to, some at a time; others have a turn after each."""
    async for piece in _pieces(database, account_id, run, records):
        for some in records.some(piece):
            yield some
            await asyncio.sleep(0)


async def _pieces(database: Database, account_id: int, run: Run, records: Records) -> AsyncGenerator[bytes | None]:
    """The bytes from where the import has come to, and None for their end."""
    number, skipped = divmod(run.of.bytes_read, CHUNK)
    while number * CHUNK < (run.of.bytes_total or 0):
        content = await _chunk(database, account_id, run, number, records.line)
        for begins in range(skipped, len(content), SLICE):
            yield content[begins : begins + SLICE]
        number, skipped = number + 1, 0
    yield None


async def _chunk(database: Database, account_id: int, run: Run, number: int, line: int) -> bytes:
    """A piece of the file. Raises FileNotWhole where it is not all there; `line` is where it is needed."""
    async with database.reading(account_id) as reader:
        content = first(await reader.fetch(queries.CHUNK, import_id=run.of.id, number=number)) or b""
    if len(content) != min(CHUNK, (run.of.bytes_total or 0) - number * CHUNK):
        raise FileNotWhole(line)
    return content


async def ahead(batches: AsyncGenerator[Batch]) -> AsyncGenerator[Batch]:
    """The same, each read while the one before is being taken."""

    async def following() -> Batch | None:
        return await anext(batches, None)

    upcoming = asyncio.create_task(following())
    try:
        while (batch := await upcoming) is not None:
            upcoming = asyncio.create_task(following())
            yield batch
    finally:
        upcoming.cancel()
        await asyncio.gather(upcoming, return_exceptions=True)
        await batches.aclose()
