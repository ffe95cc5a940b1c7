"""Why an import is not made, taken further, or taken back; why a file is refused as a whole, or a row of it."""

from collections.abc import Sequence

from app.errors import ErrorCode, Refusal
from app.tables import ImportStatus


class InvalidFileName(Refusal):
    """A name that no file has."""

    def __init__(self, longest: int) -> None:
        message = f"Give the file's name without its folder, such as contacts.csv: 1 to {longest} characters."
        super().__init__(message, field=("fileName",))


class InvalidMapping(Refusal):
    """Columns that cannot be taken so."""

    def __init__(self, message: str, *, field: Sequence[str] = ("mapping",)) -> None:
        super().__init__(message, field=field)


class TooManyColumns(InvalidMapping):
    """More columns than are kept."""

    code = ErrorCode.LIMIT_EXCEEDED


class NoAddressMapped(InvalidMapping):
    """A mapping by which no row has an address."""

    code = ErrorCode.IDENTIFIER_REQUIRED

    def __init__(self) -> None:
        super().__init__("Map a column to emailAddress or to mobileNumber, best one to each.")


class ImportNotFound(Refusal):
    """No import of the account has that id."""

    code = ErrorCode.NOT_FOUND

    def __init__(self) -> None:
        super().__init__("There is no import with this id; 'imports' lists them.", field=("id",))


class WrongState(Refusal):
    """An import that stands where this cannot be done with it."""

    code = ErrorCode.INVALID_STATE

    def __init__(self, message: str) -> None:
        super().__init__(message, field=("id",))


class NotAwaitingUpload(WrongState):
    """A file for an import that has one."""

    def __init__(self, status: ImportStatus) -> None:
        super().__init__(f"This import is {status} and takes no file any more; make another one with createImport.")


class AnotherUpload(WrongState):
    """A file of which another upload has begun since."""

    def __init__(self) -> None:
        super().__init__("Another upload for this import has begun since this one, and takes its place.")


class CannotRun(WrongState):
    """An import that is no dry run that succeeded."""


class CannotCancel(WrongState):
    """An import that has ended, or that is being taken back."""


class CannotUndo(WrongState):
    """An import that there is nothing to take back of, or not yet."""


class FileTooLarge(Refusal):
    """A file of more bytes than are taken."""

    code = ErrorCode.LIMIT_EXCEEDED

    def __init__(self, most: int) -> None:
        super().__init__(f"The file is larger than {most:,} bytes; split it, and import each part.")


class FileRefused(Refusal):
    """A file that cannot be imported as it is; `line` is where, if it is one line's fault."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message, field=("file",))
        self.line = line


class EmptyFile(FileRefused):
    """Nothing is in the file."""

    def __init__(self) -> None:
        super().__init__("The file is empty; give one with a row of headers and a row for each contact.")


class FileNotWhole(FileRefused):
    """A file of which a part is gone."""

    code = ErrorCode.INVALID_STATE

    def __init__(self, line: int) -> None:
        super().__init__("The file is not kept whole any more; upload it again with createImport.", line=line)


class NotCsv(FileRefused):
    """A file of another kind."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"This is {kind}, not CSV; save its rows as CSV in UTF-8 and give that.", line=1)


class NotText(FileRefused):
    """Bytes that are not of the encoding that the file has; `byte` counts from 0."""

    def __init__(self, encoding: str, byte: int, line: int) -> None:
        super().__init__(
            f"Line {line} has a byte (number {byte} of the file, counted from 0) that is not {encoding}; "
            "save the file as CSV in UTF-8.",
            line=line,
        )


class LineTooLong(FileRefused):
    """A physical line that no row could have."""

    def __init__(self, line: int, most: int) -> None:
        super().__init__(f"Line {line} is longer than {most} characters; end each row with a line break.", line=line)


class NoHeader(FileRefused):
    """Only blank lines."""

    def __init__(self) -> None:
        super().__init__("There is no row in this file; begin it with a row of headers, such as Email, Mobile.")


class UnreadableHeader(FileRefused):
    """A first row that is not CSV."""

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(f"The row of headers cannot be read: {problem}", line=line)


class LongHeader(FileRefused):
    """A first row that does not end."""

    def __init__(self, line: int, most: int) -> None:
        super().__init__(
            f"The row of headers does not end within {most} bytes; see whether a quote in it is not closed.", line=line
        )


class UnknownDelimiter(FileRefused):
    """A first line, `sep=`, with a character that does not part cells here."""

    def __init__(self, delimiter: str) -> None:
        super().__init__(
            f"The first line says that {delimiter!r} parts the cells; use a comma, a semicolon or a tab.", line=1
        )


class SameColumn(FileRefused):
    """Two columns that would be one."""

    def __init__(self, one: str, other: str, line: int) -> None:
        same = one == other
        told = (
            f"Two columns are called {one!r:.200}" if same else f"The columns {one!r:.200} and {other!r:.200} are alike"
        )
        super().__init__(f"{told}; {'rename one' if same else 'rename one, or give a mapping'}.", line=line)


class UnusableHeader(FileRefused):
    """A header of which no custom field can be made."""

    def __init__(self, header: str, reason: str, line: int) -> None:
        super().__init__(
            f"The column {header!r:.200} cannot be kept as a custom field: {reason} Rename it, or give a mapping.",
            line=line,
        )


class NoAddress(FileRefused):
    """No column that has email addresses or mobile numbers."""

    def __init__(self, columns: Sequence[str], line: int) -> None:
        named = ", ".join(map(repr, columns[:40])) + (", …" if len(columns) > 40 else "")
        super().__init__(
            f"No column is known to have email addresses or mobile numbers; there are {named or 'none with a header'}. "
            "Give a mapping that says which one is 'emailAddress' or 'mobileNumber'.",
            line=line,
        )


class OtherSeparator(FileRefused):
    """A row of headers with what seems to part its cells, and does not here."""

    def __init__(self, mark: str, line: int) -> None:
        super().__init__(
            f"The row of headers is one column, with {mark!r} in it; part the cells with a comma, a semicolon or a "
            "tab, the only separators that are taken.",
            line=line,
        )


class UnknownColumn(FileRefused):
    """A mapping of a column that the file does not have."""

    def __init__(self, header: str, columns: Sequence[str], line: int) -> None:
        named = ", ".join(map(repr, columns[:40])) + (", …" if len(columns) > 40 else "")
        super().__init__(
            f"The mapping names a column {header!r:.200} that the file does not have; there are {named}.", line=line
        )


class MappedTwice(FileRefused):
    """A mapping of two columns to one target, or of one column to two."""

    def __init__(self, what: str, line: int) -> None:
        super().__init__(f"The mapping names {what!r:.200} twice; name each column and each target once.", line=line)


class UnknownTarget(FileRefused):
    """A mapping to what no column can be."""

    def __init__(self, target: str, reason: str, line: int) -> None:
        super().__init__(f"The mapping to {target!r:.200} cannot be: {reason}", line=line)


class UnreadableRow(Refusal):
    """A row that is not CSV."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"The row cannot be read: {problem}")


class OtherCells(Refusal):
    """A row with more or fewer cells than the header."""

    def __init__(self, cells: int, columns: int) -> None:
        super().__init__(
            f"The row has {cells} {'cell' if cells == 1 else 'cells'}, the header has {columns}; "
            "put a cell that contains the separator or a line break in quotes."
        )


class NamelessCell(Refusal):
    """A cell in a column without a header."""

    def __init__(self, place: int) -> None:
        super().__init__(f"Column {place} has a value here but no header; give the column a header, or empty it.")


class UnknownStatus(Refusal):
    """A status that says nothing that is known."""

    def __init__(self, word: str, *, field: Sequence[str]) -> None:
        super().__init__(
            f"{word!r:.100} is no status; write unsub, held (or cleaned, bounced) or expired, or normal, active, "
            "subscribed, confirmed, nonsubscribed or nothing.",
            field=field,
        )


class UnknownConsent(Refusal):
    """A consent that is neither yes nor no."""

    def __init__(self, word: str, *, field: Sequence[str]) -> None:
        super().__init__(f"{word!r:.100} is no consent; write yes or no, or nothing.", field=field)


class UnknownOptOut(Refusal):
    """A cell that does not tell whether somebody opted out."""

    def __init__(self, word: str, *, field: Sequence[str]) -> None:
        super().__init__(
            f"{word!r:.100} does not say whether they opted out; write yes, no, nothing, or the time when they did.",
            field=field,
        )


class NoTime(Refusal):
    """A text that is no moment."""

    def __init__(self, text: str, *, field: Sequence[str]) -> None:
        super().__init__(
            f"{text!r:.100} is no time; write it as 2026-01-31, or 2026-01-31T09:30:00Z (ISO 8601).", field=field
        )


class GivenUp(Refusal):
    """An import that has failed again and again at the same place."""

    code = ErrorCode.CONFLICT

    def __init__(self) -> None:
        super().__init__("The import stopped here again and again, for a fault of the server; its log says which.")
