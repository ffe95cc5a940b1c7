"""Where an import stands, as whoever changes it has to know."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.db import param, selecting, table
from app.db.types import Id
from app.tables import Import, ImportChunk, ImportStatus


class Standing(NamedTuple):
    """Where an import stands; `undoing`: what it brought is being taken back."""

    id: UUID
    status: ImportStatus
    dry_run: bool
    upload_id: UUID | None
    undoing: bool


def _standing(id: UUID, status: str, dry_run: bool, upload_id: UUID | None, undoing: bool) -> Standing:
    return Standing(id, ImportStatus(status), bool(dry_run), upload_id, bool(undoing))


_import, _chunk = table(Import), table(ImportChunk)
_ID = param("import_id", Id())
#: Locked until the transaction ends: whoever changes an import looks at it so first.
LOCKED = selecting(
    _standing,
    select(*(_import.c[name] for name in Standing._fields)).where(_import.c.id == _ID).with_for_update(key_share=True),
)
#: The first piece of its file, if that is kept: it goes before the others do.
FILE = selecting(lambda number: number, select(_chunk.c.number).where(_chunk.c.import_id == _ID, _chunk.c.number == 0))
