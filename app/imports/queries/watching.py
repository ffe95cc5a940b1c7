"""Where an import stands, for those who only wait for its end."""

from sqlalchemy import select

from app.db import entity, param, selecting
from app.db.types import Id
from app.tables import Import, ImportStatus

ENDED = frozenset({ImportStatus.SUCCEEDED, ImportStatus.FAILED, ImportStatus.CANCELLED, ImportStatus.UNDONE})
_import = entity(Import)
STATUS = selecting(ImportStatus, select(_import.status).where(_import.id == param("import_id", Id())))
