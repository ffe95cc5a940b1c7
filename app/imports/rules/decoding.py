"""Which encoding a file has, and whether all of it is text in that."""

import codecs
from typing import NamedTuple

from app.imports.errors import EmptyFile, LineTooLong, NotCsv, NotText

LONGEST_LINE = 4 * 1024 * 1024  # characters; a row must fit into memory
ENOUGH = 1024  # so many bytes tell the encoding
PIECE = 1024 * 1024  # shorter than the longest line, so that only its first and last line may be too long
OTHERS = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"%PDF-": "a PDF",
    codecs.BOM_UTF32_LE: "UTF-32 text",
    codecs.BOM_UTF32_BE: "UTF-32 text",
}
NAMES = {"utf-8": "UTF-8", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


class Encoding(NamedTuple):
    """How characters are written, by Python's name for it, and where they begin, after a byte order mark."""

    name: str
    begins: int


def encoding_of(first: bytes) -> Encoding:
    """The encoding, by the first 1024 bytes of a file or all of it. Raises NotCsv for a file of another kind."""
    for mark, kind in OTHERS.items():
        if first.startswith(mark):
            raise NotCsv(kind)
    if first.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", 3)
    if first.startswith(codecs.BOM_UTF16_LE):
        return Encoding("utf-16-le", 2)
    if first.startswith(codecs.BOM_UTF16_BE):
        return Encoding("utf-16-be", 2)
    return Encoding(_by_nulls(first[:ENOUGH]), 0)


def _by_nulls(first: bytes) -> str:
    """Most characters of a header are of ASCII, and have a NUL beside them in UTF-16: after them, or before."""
    even, odd, half = first[::2].count(0), first[1::2].count(0), len(first) // 4
    if odd > half and odd > 4 * even:  # characters such as U+1E00 have a NUL on the other side
        return "utf-16-le"
    if even > half and even > 4 * odd:
        return "utf-16-be"
    return "utf-8"


class Checking:
    """Looks through a file while it comes in, in pieces of any size, in constant memory.

    `feed` and `end` raise NotCsv, EmptyFile, NotText or LineTooLong. `encoding` is known once enough came in.
    """

    def __init__(self) -> None:
        self.encoding: Encoding | None = None
        self._first = b""
        self._read = 0  # bytes given to the decoder
        self._line = 1
        self._length = 0  # of the line that has not ended, in characters
        self._returned = False  # the last character was a CR, of which an LF may be the second half

    def feed(self, chunk: bytes) -> None:
        """Takes the next bytes."""
        if self.encoding is None:
            self._first += chunk
            if len(self._first) < ENOUGH:
                return
            chunk = self._begun()
        for start in range(0, len(chunk), PIECE):
            self._check(chunk[start : start + PIECE])

    def end(self) -> None:
        """Takes note that there are no more."""
        if self.encoding is None:
            self._check(self._begun())
        if self.encoding and self._read == self.encoding.begins:
            raise EmptyFile
        self._check(b"", final=True)

    def _begun(self) -> bytes:
        """Sets the decoder up; the bytes that wait for it."""
        self.encoding = encoding_of(self._first)
        self._decoder = codecs.getincrementaldecoder(self.encoding.name)()
        self._read = self.encoding.begins
        return self._first[self.encoding.begins :]

    def _check(self, piece: bytes, *, final: bool = False) -> None:
        before = len(self._decoder.getstate()[0])
        try:
            text = self._decoder.decode(piece, final)
        except UnicodeDecodeError as error:
            self._refuse(error, self._read - before)
        self._read += len(piece)
        if text:
            self._measure(text)

    def _refuse(self, error: UnicodeDecodeError, began: int) -> None:
        """Raises NotText; `began` is the place in the file of the bytes that the decoder had before it."""
        self._measure(error.object[: error.start].decode(error.encoding))
        name = NAMES[self.encoding.name] if self.encoding else error.encoding
        raise NotText(name, began + error.start, self._line) from None

    def _measure(self, text: str) -> None:
        """Counts lines, and the characters of the one that has not ended."""
        ends = [place for place in (text.find("\n"), text.find("\r")) if place >= 0]
        if self._length + min(ends, default=len(text)) > LONGEST_LINE:
            raise LineTooLong(self._line, LONGEST_LINE)
        self._line += self._ends_in(text)
        last = max(text.rfind("\n"), text.rfind("\r")) if ends else -1
        self._length = len(text) - last - 1 + (0 if ends else self._length)

    def _ends_in(self, text: str) -> int:
        """How many lines end in it: LF, CR, and both together as one."""
        returns = text.count("\r")
        both = text.count("\r\n") if returns else 0
        cut = self._returned and text[:1] == "\n"
        self._returned = text[-1:] == "\r"
        return text.count("\n") + returns - both - cut
