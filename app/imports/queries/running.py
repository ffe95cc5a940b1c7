"""What running an import has to know."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Integer, String, and_, case, delete, exists, func, not_, or_, select, update

from app.acts import Earlier
from app.channels.rules import Address
from app.db import changing, entity, param, selecting, table
from app.db.expressions import constant, one_of, one_of_texts
from app.db.types import Id, Json, Time
from app.imports.rules.options import Options
from app.kinds import ChannelKind
from app.tables import (
    Channel,
    ExistingContacts,
    Import,
    ImportBatch,
    ImportChunk,
    ImportMistake,
    ImportStatus,
    IntakeMethod,
)

COUNTS = ("created", "linked", "merged", "updated", "unchanged", "skipped", "proposed", "failed")


class Claimed(NamedTuple):
    """An import that somebody has taken up, as far as it has come."""

    id: UUID
    file_name: str
    actor: str
    dry_run: bool
    existing: ExistingContacts
    options: dict[str, Any]
    form: dict[str, Any] | None
    digest: str | None
    bytes_total: int | None
    bytes_read: int
    line: int
    rows: int
    started_at: datetime
    undoing: bool
    tries: int

    @property
    def asked(self) -> Options:
        """What was asked for."""
        return Options.of(self.options, self.existing)


class Due(NamedTuple):
    """An import that there is work on."""

    account_id: int
    id: UUID


class Batch(NamedTuple):
    """What a batch brought: its number, its time, and ids by what they are of."""

    number: int
    at: datetime
    brought: dict[str, Any]


def _claimed(*columns: Any) -> Claimed:
    found = Claimed(*columns)
    return found._replace(existing=ExistingContacts(found.existing))


_import, _row = table(Import), entity(Import)
_MINE = _import.c.id == param("import_id", Id()), _import.c.lease == param("mine", Id())
_GOING_ON = *_MINE, _import.c.status == constant(ImportStatus.RUNNING)
_of_account = func.row_number().over(partition_by=_row.account_id, order_by=[_row.due_at, _row.id]).label("place")
_all_due = select(_row.account_id, _row.id, _row.due_at, _of_account).where(_row.due_at <= param("now", Time()))
_due = _all_due.subquery("due")
#: Of each account the one that has waited longest.
DUE = selecting(
    Due,
    select(_due.c.account_id, _due.c.id)
    .where(_due.c.place == constant(1))
    .order_by(_due.c.due_at, _due.c.id)
    .limit(param("most", Integer())),
    everywhere=True,
)
CLAIM = changing(
    update(_import)
    .where(_import.c.id == param("import_id", Id()), _import.c.due_at <= param("now", Time()))
    .values(
        status=constant(ImportStatus.RUNNING),
        lease=param("mine", Id()),
        due_at=param("until", Time()),
        tries=_import.c.tries + constant(1),
    )
    .returning(_import.c.id)
)
STARTED = changing(
    update(_import)
    .where(_import.c.id == param("import_id", Id()), _import.c.started_at.is_(None))
    .values(started_at=param("now", Time()))
)
CLAIMED = selecting(
    _claimed, select(*(getattr(_row, name) for name in Claimed._fields)).where(_row.id == param("import_id", Id()))
)
BEGIN = changing(
    update(_import)
    .where(*_GOING_ON)
    .values(
        form=param("form", Json()),
        bytes_read=param("end", BigInteger()),
        line=param("next_line", Integer()),
        **dict.fromkeys(("rows", *COUNTS, "consent_refused"), constant(0)),
    )
    .returning(_import.c.id)
)
_mistake = table(ImportMistake)
FORGET_MISTAKES = changing(delete(_mistake).where(one_of(_mistake.c.import_id, "ids")))
#: Goes on from where the batch before ended, and only from there.
ADVANCE = changing(
    update(_import)
    .where(*_GOING_ON, _import.c.bytes_read == param("began", BigInteger()))
    .values(
        bytes_read=param("end", BigInteger()),
        line=param("next_line", Integer()),
        due_at=param("until", Time()),
        tries=case((_import.c.dry_run, _import.c.tries), else_=constant(0)),  # a dry run begins anew each time
        **{name: _import.c[name] + param(f"more_{name}", Integer()) for name in ("rows", *COUNTS, "consent_refused")},
    )
    .returning(_import.c.id)
)
KEEP_LEASE = changing(
    update(_import).where(*_GOING_ON).values(due_at=param("until", Time()), tries=constant(0)).returning(_import.c.id)
)
END = changing(
    update(_import)
    .where(*_GOING_ON)
    .values(
        status=param("ended", String()),
        problem_code=param("code", String()),
        problem=param("message", String()),
        problem_line=param("at_line", Integer()),
        finished_at=param("now", Time()),
        undoing=False,
        lease=None,
        due_at=None,
    )
    .returning(_import.c.id)
)
UNDONE = changing(
    update(_import)
    .where(*_GOING_ON)
    .values(
        status=constant(ImportStatus.UNDONE), undoing=False, undone_at=param("now", Time()), lease=None, due_at=None
    )
    .returning(_import.c.id)
)
RENEW = changing(update(_import).where(*_GOING_ON).values(due_at=param("until", Time())).returning(_import.c.id))
_one_less = case((_import.c.tries > constant(0), _import.c.tries - constant(1)), else_=constant(0))
GIVE_WAY = changing(
    update(_import).where(*_GOING_ON).values(lease=None, due_at=param("until", Time()), tries=_one_less)
)
RELEASE = changing(update(_import).where(*_GOING_ON).values(lease=None, due_at=param("until", Time())))
EARLIER = selecting(
    Earlier,
    select(_row.file_name, _row.started_at, _row.finished_at)
    .where(
        _row.digest == param("digest", String()),
        _row.id != param("import_id", Id()),
        not_(_row.dry_run),
        _row.finished_at.is_not(None),
        _row.status != constant(ImportStatus.UNDONE),
    )
    .order_by(_row.started_at),
)
_chunk = entity(ImportChunk)
CHUNK = selecting(
    lambda content: content,
    select(_chunk.content).where(
        _chunk.import_id == param("import_id", Id()), _chunk.number == param("number", Integer())
    ),
)
_first = entity(ImportChunk)
_AWAITING, _SUCCEEDED = (_row.status == constant(s) for s in (ImportStatus.AWAITING_UPLOAD, ImportStatus.SUCCEEDED))
_AT_WORK = or_(*(_row.status == constant(status) for status in (ImportStatus.QUEUED, ImportStatus.RUNNING)))
_LONG_AGO = _row.created_at < param("before", Time())
#: Imports with a file that is not needed any more: they have ended, or nobody came back to them.
SPENT = selecting(
    Due,
    select(_row.account_id, _row.id)
    .where(
        exists(select(_chunk.number).where(_chunk.account_id == _row.account_id, _chunk.import_id == _row.id)),
        or_(
            and_(not_(or_(_AWAITING, _AT_WORK)), not_(and_(_row.dry_run, _SUCCEEDED))),
            and_(not_(_AT_WORK), _LONG_AGO),
        ),
    )
    .limit(1),
    everywhere=True,
)
_chunks = table(ImportChunk)
_some = select(_first.number).where(_first.import_id == param("import_id", Id())).order_by(_first.number).limit(16)
#: The first pieces first: whether a file is whole shows in whether it has its first.
FORGET_CHUNKS = changing(
    delete(_chunks).where(_chunks.c.import_id == param("import_id", Id()), _chunks.c.number.in_(_some))
)
_batch = entity(ImportBatch)
BATCHES = selecting(
    lambda number: number,
    select(_batch.number).where(_batch.import_id == param("import_id", Id())).limit(param("most", Integer())),
)
LAST_BATCH = selecting(
    Batch,
    select(_batch.number, _batch.at, _batch.brought)
    .where(_batch.import_id == param("import_id", Id()))
    .order_by(_batch.number.desc())
    .limit(1),
)


def _of_kind(kind: ChannelKind) -> Any:
    channel = entity(Channel)
    own = (
        (channel.method == constant(IntakeMethod.IMPORT))
        & (channel.detail == param("file_name", String()))
        & (channel.created_at >= param("since", Time()))
    )
    found = one_of_texts(channel.address, kind.lower())
    return select(constant(kind), channel.address, channel.id).where(channel.kind == kind, found, ~own)


def _known(kind: str, address: str, id: UUID) -> tuple[Address, UUID]:
    return Address(ChannelKind(kind), address), id


#: The channels at addresses that are not the import's own, which brought its channels since it began.
KNOWN_BEFORE = [selecting(_known, _of_kind(kind)) for kind in ChannelKind]
