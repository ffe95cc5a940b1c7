"""What imports said before."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.consent.rules.repeating import Saying
from app.db import entity, param, selecting
from app.db.expressions import constant, each_of, in_order
from app.db.types import Id
from app.tables import ConsentRecord, IntakeMethod, LedgerAct


def _saying(
    channel_id: UUID, topic_id: UUID | None, act: str, time_given: object, occurred_at: datetime, *evidence: Any
) -> Saying:
    return Saying(channel_id, topic_id, LedgerAct(act), occurred_at if time_given else None, *evidence)


_record, _each = entity(ConsentRecord), each_of(param("channel_ids", Id()))
SAYINGS = selecting(
    _saying,
    select(
        _record.channel_id,
        _record.topic_id,
        _record.act,
        _record.time_given,
        _record.occurred_at,
        _record.source_url,
        _record.ip_address,
        _record.user_agent,
        _record.disclosure,
    )
    .select_from(in_order(_each, _record, _record.channel_id == _each.c.id))
    .where(_record.method == constant(IntakeMethod.IMPORT), _record.retracted_at.is_(None)),
)
