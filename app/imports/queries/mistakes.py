"""What is wrong with the rows of a file, in pages, in the order of the file."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, select, tuple_

from app.db import entity, param, selecting
from app.db.types import Id
from app.tables import Import, ImportMistake

MOST_AT_ONCE = 1000


class Wrong(NamedTuple):
    """A mistake of a row; `row` counts from 1, `line` is where it begins, `place` tells its mistakes apart."""

    row: int
    place: int
    line: int
    column: str | None
    code: str
    message: str
    raw: str | None


class File(NamedTuple):
    """The file of an import, and how it is written, as far as that is known."""

    id: UUID
    name: str
    form: dict[str, Any] | None


_import, _mistake = entity(Import), entity(ImportMistake)
FILE = selecting(
    File, select(_import.id, _import.file_name, _import.form).where(_import.id == param("import_id", Id()))
)
_place = tuple_(_mistake.row, _mistake.place)
_columns = [getattr(_mistake, name) for name in Wrong._fields]
WRONG = selecting(
    Wrong,
    select(*_columns)
    .where(
        _mistake.import_id == param("import_id", Id()),
        _place > tuple_(param("row", Integer()), param("place", Integer())),
    )
    .order_by(_mistake.row, _mistake.place)
    .limit(MOST_AT_ONCE),
)
