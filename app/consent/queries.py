"""Reading ledgers."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, select

from app.db import entity, selecting, table
from app.db.expressions import one_of
from app.tables import Channel, ConsentAct, ConsentRecord, ConsentStatus


class Ledger(NamedTuple):
    """How a channel's ledger stands: what it says, how long it is, and its last digest."""

    channel_id: UUID
    status: ConsentStatus
    length: int
    head: str | None


class Recorded(NamedTuple):
    """An entry, as far as the fold needs it."""

    id: UUID
    channel_id: UUID
    number: int
    act: ConsentAct
    time_given: bool
    occurred_at: datetime


_channel, _consent_record = table(Channel), table(ConsentRecord)
LOCKED_LEDGERS = selecting(
    lambda id, status, *rest: Ledger(id, ConsentStatus(status), *rest),
    select(_channel.c.id, _channel.c.consent_status, _channel.c.consent_count, _channel.c.consent_head)
    .where(one_of(_channel.c.id, "channel_ids"))
    .order_by(_channel.c.id)
    .with_for_update(key_share=True),
)
RECORDS = selecting(
    lambda id, channel_id, number, act, *rest: Recorded(id, channel_id, number, ConsentAct(act), *rest),
    select(
        _consent_record.c.id,
        _consent_record.c.channel_id,
        _consent_record.c.number,
        _consent_record.c.act,
        _consent_record.c.time_given,
        _consent_record.c.occurred_at,
    ).where(one_of(_consent_record.c.channel_id, "channel_ids")),
)


def deciding_record(channel: Any) -> Select[Any]:
    """The record that decides a channel's status."""
    record = entity(ConsentRecord)
    return select(record).where(record.id == channel.consent_record_id)


def status_set(record: Any) -> Any:
    """The status that an act sets."""
    return case((record.act == ConsentAct.OPT_IN, ConsentStatus.OPTED_IN), else_=ConsentStatus.OPTED_OUT)
