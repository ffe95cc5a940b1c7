"""What is decided about imports: that a dry run runs for real, that one stops, that it is taken back."""

from uuid import UUID

from sqlalchemy import delete, null, true, update

from app.accounts.queries import GUARDS
from app.acts import Act
from app.db import Writer, changing, param, table
from app.db.types import Id, Time
from app.imports.errors import CannotCancel, CannotRun, CannotUndo
from app.imports.operations import running, undoing
from app.imports.operations.changing import locked, publish
from app.imports.operations.creating import NOTHING_YET
from app.imports.queries import running as running_queries
from app.imports.queries import standing
from app.imports.queries.standing import Standing
from app.tables import Import, ImportMistake, ImportStatus

AT_ONCE = 2  # batches that are taken back while the caller waits; more of them are left to a worker
UNDER_WAY = (ImportStatus.AWAITING_UPLOAD, ImportStatus.QUEUED, ImportStatus.RUNNING)
_import, _mistake = table(Import), table(ImportMistake)
_ID = param("import_id", Id())
_THIS = update(_import).where(_import.c.id == _ID)
_NOW = param("now", Time())
RUN = changing(_THIS.values(**{**NOTHING_YET, "status": ImportStatus.QUEUED, "dry_run": False, "due_at": _NOW}))
FORGET_MISTAKES = changing(delete(_mistake).where(_mistake.c.import_id == _ID))
CANCEL = changing(
    _THIS.values(status=ImportStatus.CANCELLED, finished_at=_NOW, upload_id=null(), lease=null(), due_at=null())
)
UNDO = changing(_THIS.values(status=ImportStatus.RUNNING, undoing=true(), tries=0, lease=null(), due_at=_NOW))


async def run(writer: Writer, *, import_id: UUID | None, act: Act) -> UUID:
    """Queues a dry run to run for real, with the file that it has; its id. Raises ImportNotFound or CannotRun."""
    found = await locked(writer, import_id=import_id)
    if not found.dry_run:
        raise CannotRun("Only a dry run is run again, and this import is none.")
    if found.status is not ImportStatus.SUCCEEDED:
        raise CannotRun(f"This dry run is {found.status}; one that SUCCEEDED can be run for real.")
    if not await writer.fetch(standing.FILE, import_id=found.id):
        raise CannotRun("The file of this dry run is not kept any more; upload it again with createImport.")
    await writer.execute(FORGET_MISTAKES, import_id=found.id)
    await writer.execute(RUN, import_id=found.id, now=act.at)
    publish(writer, name="import_queued", import_id=found.id, act=act)
    return found.id


async def cancel(writer: Writer, *, import_id: UUID | None, act: Act) -> UUID:
    """Stops an import before it ends; what it brought so far stays. Its id. Raises ImportNotFound or CannotCancel."""
    found = await locked(writer, import_id=import_id)
    if found.undoing:
        raise CannotCancel("This import is being taken back, which nothing stops.")
    if found.status not in UNDER_WAY:
        raise CannotCancel(f"This import is {found.status}: it has ended; undoImport takes back what it brought.")
    await writer.execute(CANCEL, import_id=found.id, now=act.at)
    publish(writer, name="import_cancelled", import_id=found.id, act=act)
    return found.id


async def undo(writer: Writer, *, import_id: UUID | None, act: Act) -> UUID:
    """Begins to take back what an import brought; its id. Raises ImportNotFound or CannotUndo."""
    found = await locked(writer, import_id=import_id)
    _check_ended(found)
    await writer.execute(UNDO, import_id=found.id, now=act.at)
    publish(writer, name="import_undo_begun", import_id=found.id, act=act)
    if len(await writer.fetch(running_queries.BATCHES, import_id=found.id, most=AT_ONCE + 1)) <= AT_ONCE:
        await _take_back(writer, found.id, act)
    return found.id


async def _take_back(writer: Writer, import_id: UUID, act: Act) -> None:
    """Takes all back that an import brought, which is little, before anybody looks."""
    [guards] = await writer.fetch(GUARDS)
    run = await running.claim(writer, import_id=import_id, mine=act.new_id(), guards=guards, now=act.at)
    more = run is not None
    while run and more:
        more = await undoing.take_back(writer, run=run, act=act)


def _check_ended(found: Standing) -> None:
    """Raises CannotUndo unless it is an import for real that has ended, and was not taken back."""
    if found.undoing:
        raise CannotUndo("This import is being taken back already; wait until it is UNDONE.")
    if found.status is ImportStatus.UNDONE:
        raise CannotUndo("This import was taken back already.")
    if found.status in UNDER_WAY:
        raise CannotUndo(f"This import is {found.status}: cancel it with cancelImport, or wait until it has ended.")
    if found.dry_run:
        raise CannotUndo("A dry run changes nothing: there is nothing to take back.")
