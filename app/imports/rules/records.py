"""The records of a CSV file, read as its bytes come: strict about quotes, and able to go on from any of them."""

import codecs
import csv
from collections.abc import Iterator
from io import StringIO
from typing import NamedTuple

from app.imports.rules.quoting import LONGEST_RECORD, Quoted

LINES_AT_ONCE = 1024  # that are read before the records found are given
HAS_NUL = "there is a NUL character in this row; take it out."


class Record(NamedTuple):
    """A record: the line where it begins (from 1), its cells, and how it is written, without its line end.

    Without cells it cannot be read: `problem` says why. `end` is the place in the file (in bytes) after it and
    `next_line` the line there: from there, reading can go on.
    """

    line: int
    cells: list[str] | None
    raw: str
    problem: str | None
    end: int
    next_line: int


class Records:
    """Reads records from bytes that come in pieces of any size, of a file that was looked through.

    The bytes are those from `offset` on, where `line` begins. What a quoting error has swallowed is read anew from its
    second line on. Memory is bounded by the piece and the longest record, time by the file's length.
    """

    def __init__(self, encoding: str, delimiter: str, *, offset: int = 0, line: int = 1) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._encoding, self._delimiter = encoding, delimiter
        self._end, self._line = offset, line
        self._cut: list[str] = []  # of a physical line that has not ended
        self._lines: list[str] = []  # physical lines of a record that has not ended
        self._quoted = Quoted(delimiter)
        self._nul = False

    @property
    def line(self) -> int:
        """The line where the next record begins."""
        return self._line

    @property
    def place(self) -> int:
        """The place in the file (in bytes) where the next record begins, as far as that is known."""
        return self._end

    def feed(self, chunk: bytes) -> list[Record]:
        """Takes the next bytes; the records that end in them."""
        return [record for some in self.some(chunk) for record in some]

    def end(self) -> list[Record]:
        """Takes note that there are no more bytes; the last records."""
        return [record for some in self.some(None) for record in some]

    def some(self, chunk: bytes | None) -> Iterator[list[Record]]:
        """Takes the next bytes, or with None their end; the records, some at a time: each takes little time.

        All of them are to be asked for before the next bytes are given.
        """
        if chunk is None:
            self._take_the_end()
        else:
            self._take(chunk)
        return self._read(final=chunk is None)

    def _take(self, chunk: bytes) -> None:
        text = self._decoder.decode(chunk)
        self._nul = self._nul or "\0" in text
        if "\n" not in text and "\r" not in text:
            self._cut.append(text)
            return
        lines = StringIO("".join(self._cut) + text, newline="").readlines()
        # A line that ends with CR may go on with LF.
        self._cut = [] if lines[-1].endswith("\n") else [lines.pop()]
        self._lines += lines

    def _take_the_end(self) -> None:
        text = "".join(self._cut) + self._decoder.decode(b"", True)
        self._lines += StringIO(text, newline="").readlines()
        self._cut = []

    def _read(self, *, final: bool) -> Iterator[list[Record]]:
        found: list[Record] = []
        at = given = 0
        while at < len(self._lines):
            taken = self._at_a_stretch(at, found) if at >= self._quoted.upto else 0
            taken = taken or self._one(at, found, final=final)
            if not taken:
                break
            at += taken
            if at - given >= LINES_AT_ONCE:
                yield self._readable(found)
                found, given = [], at
        del self._lines[:at]
        self._quoted.moved(at)
        yield self._readable(found)

    def _readable(self, found: list[Record]) -> list[Record]:
        return [_without_nul(record) for record in found] if self._nul else found

    def _at_a_stretch(self, at: int, found: list[Record]) -> int:
        """Reads as many records as come one after another without a mistake; the number of lines taken."""
        lines, began = self._lines, at
        upmost = min(len(lines), at + LINES_AT_ONCE)
        end, line, encoding = self._end, self._line, self._encoding
        narrow = encoding == "utf-8"
        reader = csv.reader(map(lines.__getitem__, range(at, upmost)), delimiter=self._delimiter, strict=True)
        try:
            for cells in reader:
                upto = began + reader.line_num
                raw = lines[at] if upto - at == 1 else "".join(lines[at:upto])
                if len(raw) > LONGEST_RECORD:
                    break
                end += len(raw) if narrow and raw.isascii() else len(raw.encode(encoding))
                begins, line = line, line + upto - at
                at = upto
                if len(cells) > 1 or raw.strip():
                    found.append(Record(begins, cells, raw.rstrip("\r\n"), None, end, line))
        except csv.Error:
            pass  # what is wrong, or whether only the rest is not there yet, is found line by line
        self._end, self._line = end, line
        return at - began

    def _one(self, at: int, found: list[Record], *, final: bool) -> int:
        """Reads one record line by line; the number of lines taken, or 0 where more are needed."""
        count, problem = self._quoted.extent(self._lines, at, final=final)
        if count:
            raw = "".join(self._lines[at : at + count])
            began, self._line = self._line, self._line + count
            self._end += len(raw.encode(self._encoding))
            cells = None if problem else self._cells(raw)
            if problem or len(cells or ()) > 1 or raw.strip():
                found.append(Record(began, cells, raw.rstrip("\r\n"), problem, self._end, self._line))
        return count

    def _cells(self, raw: str) -> list[str]:
        return next(csv.reader([raw], delimiter=self._delimiter, strict=True))


def _without_nul(record: Record) -> Record:
    if "\0" not in record.raw or record.problem:
        return record
    return record._replace(cells=None, problem=HAS_NUL)


def cells_of(raw: str, delimiter: str) -> list[str] | None:
    """The cells of one record as it is written; None where it cannot be read."""
    found = Records("utf-8", delimiter)
    records = found.feed(raw.encode()) + found.end()
    return records[0].cells if len(records) == 1 else None
