"""Taking a file, piece by piece, each in a transaction of its own: a later upload takes the place of an earlier one.

So whoever broke off begins again, and what still comes of the earlier upload is refused.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, delete, update

from app.acts import uuid7
from app.db import Writer, changing, inserting, param, table
from app.db.types import Id, Time
from app.errors import Refusal
from app.imports.errors import AnotherUpload, NotAwaitingUpload
from app.imports.operations.changing import announce, locked
from app.tables import Import, ImportChunk, ImportStatus

_import, _chunk = table(Import), table(ImportChunk)
_ID = param("import_id", Id())
_THIS = update(_import).where(_import.c.id == _ID)
BEGIN = changing(_THIS.values(upload_id=param("new_upload_id", Id())))
FINISH = changing(
    _THIS.values(
        status=ImportStatus.QUEUED,
        upload_id=None,
        digest=param("sha256", String()),
        bytes_total=param("total", BigInteger()),
        due_at=param("now", Time()),
    )
)
REFUSE = changing(
    _THIS.values(
        status=ImportStatus.FAILED,
        upload_id=None,
        problem_code=param("code", String()),
        problem=param("message", String()),
        problem_line=param("at_line", Integer()),
        finished_at=param("now", Time()),
    )
)
FORGET_FILE = changing(delete(_chunk).where(_chunk.c.import_id == _ID))
KEEP_CHUNK = inserting(ImportChunk)


async def begin(writer: Writer, *, import_id: UUID | None, now: datetime) -> UUID:
    """Begins an upload, in the place of one that may have begun before; its id.

    Raises ImportNotFound or NotAwaitingUpload.
    """
    found = await locked(writer, import_id=import_id)
    if found.status is not ImportStatus.AWAITING_UPLOAD:
        raise NotAwaitingUpload(found.status)
    upload_id = uuid7(now)
    if found.upload_id is not None:
        await writer.execute(FORGET_FILE, import_id=found.id)
    await writer.execute(BEGIN, import_id=found.id, new_upload_id=upload_id)
    return upload_id


async def add(writer: Writer, *, import_id: UUID, upload_id: UUID, number: int, content: bytes) -> None:
    """Keeps a piece of the file; they are numbered from 0. Raises as `finish` does."""
    await _check(writer, import_id=import_id, upload_id=upload_id)
    await writer.execute(KEEP_CHUNK, import_id=import_id, number=number, content=content)


async def finish(writer: Writer, *, import_id: UUID, upload_id: UUID, total: int, digest: str, now: datetime) -> None:
    """Lets the import run once all `total` bytes of its file are here; `digest` is their SHA-256 in hex.

    Raises ImportNotFound, NotAwaitingUpload, or AnotherUpload where another one has begun since.
    """
    await _check(writer, import_id=import_id, upload_id=upload_id)
    await writer.execute(FINISH, import_id=import_id, total=total, sha256=digest, now=now)
    announce(writer, import_id=import_id)


async def refuse(
    writer: Writer, *, import_id: UUID, upload_id: UUID, problem: Refusal, line: int | None, now: datetime
) -> None:
    """Ends an import whose file cannot be read at all, for the reason that `problem` tells. Raises as `finish` does."""
    await _check(writer, import_id=import_id, upload_id=upload_id)
    told = {"code": problem.code, "message": problem.message, "at_line": line}
    await writer.execute(REFUSE, import_id=import_id, now=now, **told)
    await writer.execute(FORGET_FILE, import_id=import_id)
    announce(writer, import_id=import_id)


async def _check(writer: Writer, *, import_id: UUID, upload_id: UUID) -> None:
    found = await locked(writer, import_id=import_id)
    if found.status is not ImportStatus.AWAITING_UPLOAD:
        raise NotAwaitingUpload(found.status)
    if found.upload_id != upload_id:
        raise AnotherUpload
