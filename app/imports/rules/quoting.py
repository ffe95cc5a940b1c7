"""Where a record with quoted line breaks ends, found line by line, in time that grows with the lines only."""

import csv
from collections.abc import Sequence
from enum import Enum

from app.imports.rules.decoding import LONGEST_LINE

LONGEST_RECORD = LONGEST_LINE  # characters
WRONG_QUOTE = (
    "a quote stands where none may be. After the quote that closes a cell comes the separator or the end of the row; "
    "a quote within a quoted cell is written twice."
)
UNCLOSED = "a quote opens a cell here, and none closes it before the end of the file."
TOO_LONG = f"a quote opens a cell here, and the row does not end within {LONGEST_RECORD} characters."

# The csv module has one limit for all of a process, 128 KiB, which a cell may well exceed. It is raised, never lowered,
# and not put back: another thread may be reading. For others it stays a limit; here records have one of their own.
csv.field_size_limit(max(csv.field_size_limit(), 2 * LONGEST_RECORD))


class After(Enum):
    """What a physical line leaves behind it."""

    DONE = "a whole record"
    WITHIN_QUOTES = "a quoted cell that goes on"
    WRONG = "a quoting error"


class Quoted:
    """The physical lines that are known to end within a quoted cell, as far as the one before `upto`.

    Records that are within quotes at the end of one line go on alike, wherever they began. So where a record failed
    and the lines that it had swallowed are read anew, each by itself, none looks again at lines that are known.
    """

    def __init__(self, delimiter: str) -> None:
        self.upto = 0
        self._delimiter = delimiter
        self._size = 0  # of the lines from the one asked for last on, in characters
        self._then: After | None = None  # what the line at `upto` does

    def extent(self, lines: Sequence[str], at: int, *, final: bool) -> tuple[int, str | None]:
        """How many lines the record takes that begins at this one, and why it cannot be read, if so.

        That takes its first line only. 0 where more lines are needed; `final` says that there are none.
        """
        after = self._after(lines[at], quoted=False)
        if at >= self.upto:
            self.upto, self._size, self._then = at + 1, len(lines[at]), None
        if after is After.WITHIN_QUOTES:
            count, problem = self._end(lines, at, final=final)
        else:
            count, problem = 1, WRONG_QUOTE if after is After.WRONG else None
        if count == 1:
            self._size -= len(lines[at])
        return count, problem

    def moved(self, by: int) -> None:
        """So many lines have been taken away."""
        self.upto = max(0, self.upto - by)

    def _end(self, lines: Sequence[str], at: int, *, final: bool) -> tuple[int, str | None]:
        while self._size <= LONGEST_RECORD:
            if self.upto == len(lines):
                return (1, UNCLOSED) if final else (0, None)
            line = lines[self.upto]
            self._then = self._then or self._after(line, quoted=True)
            if self._then is After.WRONG:
                return 1, WRONG_QUOTE
            if self._then is After.DONE:
                return (1, TOO_LONG) if self._size + len(line) > LONGEST_RECORD else (self.upto + 1 - at, None)
            self.upto, self._size, self._then = self.upto + 1, self._size + len(line), None
        return 1, TOO_LONG

    def _after(self, line: str, *, quoted: bool) -> After:
        """What a line does at a record's beginning, or within a quoted cell. A line that is only a quote tells them."""
        if quoted and '"' not in line:
            return After.WITHIN_QUOTES
        lines = ['"', line, '"'] if quoted else [line, '"']
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        try:
            next(reader)
        except csv.Error:
            return After.WRONG
        return After.WITHIN_QUOTES if reader.line_num == len(lines) else After.DONE
