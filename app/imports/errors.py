"""Why an import is not made, taken further, or taken back."""

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
