"""Reading ledgers. `channel` and `record` are rows of the statement that a query is used in."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, literal, or_, select, true

from app.consent.queries import fold
from app.consent.rules.sealing import PROVED
from app.db import entity, param, selecting, table
from app.db.expressions import constant, list_of_rows, one_of
from app.db.types import Id, Time
from app.reading import Order
from app.tables import Channel, ConsentRecord, ConsentStatus, LedgerAct


class Ledger(NamedTuple):
    """How a channel's ledger stands: what it says, since when, how long it is, and its last digest.

    `updated_at` is when the channel was changed last, None where it is new.
    """

    channel_id: UUID
    status: ConsentStatus
    since: datetime | None
    length: int
    head: str | None
    suppressed_at: datetime | None
    updated_at: datetime | None = None


#: What `as_of` and `whole` take of SQLite's parser beyond the usual.
AS_OF_ROOM, WHOLE_ROOM = 20, 10
_channel, _record = table(Channel), table(ConsentRecord)
LOCKED_LEDGERS = selecting(
    lambda id, status, *rest: Ledger(id, ConsentStatus(status), *rest),
    select(
        _channel.c.id,
        _channel.c.consent_status,
        _channel.c.consent_at,
        _channel.c.consent_count,
        _channel.c.consent_head,
        _channel.c.suppressed_at,
        _channel.c.updated_at,
    )
    .where(one_of(_channel.c.id, "channel_ids"))
    .order_by(_channel.c.id)
    .with_for_update(key_share=True),
)


def _restored() -> Select[Any]:
    """What would hold on the channel `channel_id` if a START were its newest entry."""
    record = entity(ConsentRecord)
    mine = record.channel_id == param("channel_id", Id()), record.topic_id.is_(None)
    start = select(
        param("channel_id", Id()).label("channel_id"),
        literal(None, Id()).label("topic_id"),
        param("channel_id", Id()).label("id"),
        constant(LedgerAct.START).label("act"),
        true().label("time_given"),
        param("at", Time()).label("occurred_at"),
        (
            func.coalesce(select(func.max(record.number)).where(*mine).scalar_subquery(), constant(0)) + constant(1)
        ).label("number"),
    )
    entries = select(*fold.columns(record)).where(*mine).union_all(start)
    return select(fold.folded(entries).subquery().c.status)


def _left() -> Select[Any]:
    record = entity(ConsentRecord)
    held = fold.folded(select(*fold.columns(record)).where(one_of(record.channel_id, "channel_ids"))).subquery()
    return select(held.c.channel_id, held.c.topic_id, held.c.status)


RESTORED = selecting(ConsentStatus, _restored())
#: What holds of each channel (no topic), and of each topic on it, of which anything does.
LEFT = selecting(lambda channel_id, topic_id, status: (channel_id, topic_id, ConsentStatus(status)), _left())
STOPPED = selecting(
    lambda id: id,
    select(_channel.c.id)
    .join(ConsentRecord, _record.c.id == _channel.c.consent_record_id)
    .where(_channel.c.id == param("channel_id", Id()), _record.c.act == LedgerAct.STOP),
)


def deciding_record(row: Any) -> Select[Any]:
    """The record that decides a status: a channel's, a topic's, or that of a moment."""
    record = entity(ConsentRecord)
    return select(record).where(record.id == row.consent_record_id)


def status_set(record: Any) -> Any:
    """The status that an entry set."""
    return case(
        (record.act == LedgerAct.OPT_IN, ConsentStatus.OPTED_IN),
        (record.act == LedgerAct.ASK, ConsentStatus.PENDING),
        (or_(record.act == LedgerAct.START, record.act == LedgerAct.RETRACT), record.restored),
        else_=ConsentStatus.OPTED_OUT,
    )


def history(channel: Any) -> Select[Any]:
    """Every entry of the channel's ledger, those with a topic too."""
    record = entity(ConsentRecord)
    return select(record).where(record.channel_id == channel.id)


def newest_first(record: Any, **_: Any) -> Order:
    """The order of a history: by when the person did it."""
    return Order(record.occurred_at, descending=True)


def as_of(channel: Any, at: datetime, known_at: datetime | None = None) -> Select[Any]:
    """What held on the channel at a time, by what is known now; with `known_at`, by what was known then.

    What was taken back counts as never said, as soon as that is known.

    One row, with the columns of a channel that say what its ledger says.
    """
    record = entity(ConsentRecord)
    entries = select(*fold.columns(record, known_at=known_at)).where(
        record.channel_id == channel.id, record.topic_id.is_(None), record.occurred_at <= at
    )
    if known_at is not None:
        entries = entries.where(record.recorded_at <= known_at)
    held = fold.folded(entries).subquery()
    one = select(constant(1).label("row")).subquery()
    found = select(
        func.coalesce(held.c.status, constant(ConsentStatus.NOT_COLLECTED)).label("consent_status"),
        held.c.since.label("consent_at"),
        held.c.record_id.label("consent_record_id"),
    ).select_from(one.outerjoin(held, true()))
    return select(found.subquery())


def whole(channel: Any) -> list[Any]:
    """What it takes to prove a ledger: the channel, how long it is to be, its last digest, and all its entries."""
    record = entity(ConsentRecord)
    mine = select(*(getattr(record, name) for name in PROVED)).where(record.channel_id == channel.id)
    rows = mine.order_by(record.number).subquery()
    entries = select(list_of_rows(*(rows.c[name] for name in PROVED))).scalar_subquery()
    return [channel.consent_count, channel.consent_head, entries]
