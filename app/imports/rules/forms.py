"""How a file is written: its encoding, what parts its cells, its headers, and where its first row begins."""

import codecs
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.imports.errors import LongHeader, NoHeader, UnknownDelimiter, UnreadableHeader
from app.imports.rules.decoding import encoding_of
from app.imports.rules.records import Record, Records

LONGEST_HEADER = 1024 * 1024  # bytes
PIECE = 4096
DELIMITERS = (",", ";", "\t")
SAID = re.compile(r'"?sep=(.)"?', re.IGNORECASE)  # as Excel writes it into the first line
TOKENS = re.compile(r'"[^"]*"|[,;\t\r\n]')
OURS = "import_error_"  # how the headers begin that the file with an import's mistakes has before its own


@dataclass(frozen=True, slots=True)
class Form:
    """A file's encoding (by Python's name), delimiter and headers; `offset` (bytes) and `line` are of its first row.

    `header_line` is the line of the headers.
    """

    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    offset: int
    line: int
    header_line: int

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self) | {"columns": list(self.columns)}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> "Form":
        """From JSON."""
        return cls(**{**kept, "columns": tuple(kept["columns"])})

    @property
    def own(self) -> list[int]:
        """The places of the columns that are the file's own, and not of an errors file made here."""
        return [place for place, header in enumerate(self.columns) if not header.startswith(OURS)]

    @property
    def is_ours(self) -> bool:
        """Whether it is an errors file made here, whose cells were made harmless."""
        return any(header.startswith(OURS) for header in self.columns)


#: Of a file of which nothing was read.
NO_FORM = Form("utf-8", ",", (), 0, 1, 1)


def form_of(first: bytes) -> Form:
    """The form, by the first 1 MiB of a file or all of it.

    Raises NotCsv, NoHeader, UnreadableHeader, LongHeader or UnknownDelimiter.
    """
    encoding, begins = encoding_of(first)
    offset, line = begins, 1
    text = codecs.getincrementaldecoder(encoding)().decode(first[begins:])
    said = SAID.fullmatch(re.split(r"[\r\n]", text[:100], maxsplit=1)[0])
    if said:
        skipped = _first_record(first, Records(encoding, ",", offset=begins), begins)
        offset, line = skipped.end, skipped.next_line
    delimiter = _said(said[1]) if said else _delimiter(text)
    header = _first_record(first, Records(encoding, delimiter, offset=offset, line=line), offset)
    if header.cells is None:
        raise UnreadableHeader(header.problem or "", header.line)
    columns = tuple(cell.strip() for cell in header.cells)
    return Form(encoding, delimiter, columns, header.end, header.next_line, header.line)


def _first_record(first: bytes, records: Records, offset: int) -> Record:
    for start in range(offset, len(first), PIECE):
        found = records.feed(first[start : start + PIECE])
        if found:
            return found[0]
    if len(first) >= LONGEST_HEADER:
        raise LongHeader(records.line, LONGEST_HEADER)
    found = records.end()
    if not found:
        raise NoHeader
    return found[0]


def _said(delimiter: str) -> str:
    if delimiter not in DELIMITERS:
        raise UnknownDelimiter(delimiter)
    return delimiter


def _delimiter(text: str) -> str:
    """The one that the row of headers has most of, outside of quotes."""
    found: Counter[str] = Counter()
    for token in TOKENS.finditer(text.lstrip("\r\n ")):
        if token[0] in "\r\n":
            break
        found[token[0]] += 1
    return max(DELIMITERS, key=lambda delimiter: found[delimiter])  # the first of those that are equal
