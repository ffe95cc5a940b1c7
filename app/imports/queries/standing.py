"""Where an import stands, as whoever changes it has to know."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.db import param, selecting, table
from app.db.types import Id
from app.tables import Import, ImportBatch, ImportChunk, ImportStatus


class Standing(NamedTuple):
    """Where an import stands; `undoing`: what it brought is being taken back."""

    id: UUID
    status: ImportStatus
    dry_run: bool
    upload_id: UUID | None
    undoing: bool


def _standing(id: UUID, status: str, dry_run: bool, upload_id: UUID | None, undoing: bool) -> Standing:
    return Standing(id, ImportStatus(status), bool(dry_run), upload_id, bool(undoing))


_import, _chunk, _batch = table(Import), table(ImportChunk), table(ImportBatch)
_ID = param("import_id", Id())
#: Locked until the transaction ends: whoever changes an import looks at it so first.
LOCKED = selecting(
    _standing,
    select(*(_import.c[name] for name in Standing._fields)).where(_import.c.id == _ID).with_for_update(key_share=True),
)
#: A piece of its file, if that is kept.
FILE = selecting(lambda number: number, select(_chunk.c.number).where(_chunk.c.import_id == _ID).limit(1))
#: A batch of rows that it brought, if there is one.
BATCH = selecting(lambda number: number, select(_batch.c.number).where(_batch.c.import_id == _ID).limit(1))
