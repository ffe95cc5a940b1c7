"""How far an import has come, for those who wait for its end."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.db import entity, param, selecting
from app.db.types import Id
from app.tables import Import, ImportStatus

ENDED = frozenset({ImportStatus.SUCCEEDED, ImportStatus.FAILED, ImportStatus.CANCELLED, ImportStatus.UNDONE})


class Progress(NamedTuple):
    """How far an import has come, and what came of its rows; `problem` is why its file is refused."""

    id: UUID
    file_name: str
    status: ImportStatus
    dry_run: bool
    bytes_total: int | None
    bytes_read: int
    rows: int
    created: int
    linked: int
    merged: int
    updated: int
    unchanged: int
    skipped: int
    proposed: int
    failed: int
    consent_refused: int
    problem_code: str | None
    problem: str | None
    problem_line: int | None

    @property
    def has_ended(self) -> bool:
        """Whether nothing more happens by itself."""
        return self.status in ENDED


def _progress(id: UUID, file_name: str, status: str, dry_run: bool, *counted: Any) -> Progress:
    return Progress(id, file_name, ImportStatus(status), bool(dry_run), *counted)


_import = entity(Import)
_this = _import.id == param("import_id", Id())
STATUS = selecting(ImportStatus, select(_import.status).where(_this))
PROGRESS = selecting(_progress, select(*(getattr(_import, name) for name in Progress._fields)).where(_this))
