"""Putting on channels, and on what they say of topics, what their ledgers say."""

from typing import Any

from sqlalchemy import and_, case, exists, func, null, select, true, update
from sqlalchemy.dialects.postgresql import insert

from app.channels.queries import HELD, held_at
from app.consent.queries import fold
from app.db import changing, entity, param, table
from app.db.dialects import ACCOUNT
from app.db.expressions import constant, one_of, outer
from app.db.types import Time
from app.tables import Channel, ChannelTopic, ConsentRecord, ConsentStatus, Deliverability, IntakeMethod

_channel, _channel_topic = table(Channel), table(ChannelTopic)
RENEWED = "A new opt-in."


def _fold() -> Any:
    """Puts what ledgers say on their channels; an opt-in ends EXPIRED, and a suppression, that are older than it.

    That of an import does not end EXPIRED: no file releases anybody.
    """
    record, decides = entity(ConsentRecord), entity(ConsentRecord)
    entries = select(*fold.columns(record), record.digest).where(one_of(record.channel_id, "channel_ids"))
    standing = fold.standing(entries).subquery()
    opted_in = standing.c.status == constant(ConsentStatus.OPTED_IN)
    renewed = and_(
        opted_in,
        _channel.c.deliverability == constant(Deliverability.EXPIRED),
        standing.c.since > _channel.c.deliverability_since,
        exists(
            select(decides.id).where(
                decides.id == outer(standing.c.record_id), decides.method != constant(IntakeMethod.IMPORT)
            )
        ),
    )
    held = held_at(_channel.c)
    return (
        update(_channel)
        .where(_channel.c.id == standing.c.channel_id)
        .values(
            consent_status=standing.c.status,
            consent_at=standing.c.since,
            consent_record_id=standing.c.record_id,
            consent_count=standing.c.length,
            consent_head=standing.c.head,
            updated_at=param("at", Time()),
            deliverability=case(
                (and_(renewed, held.is_not(None)), constant(Deliverability.HELD)),
                (renewed, constant(Deliverability.ACTIVE)),
                else_=_channel.c.deliverability,
            ),
            deliverability_since=case(
                (renewed, func.coalesce(held, standing.c.since)), else_=_channel.c.deliverability_since
            ),
            deliverability_reason=case(
                (and_(renewed, held.is_not(None)), constant(HELD)),
                (renewed, constant(RENEWED)),
                else_=_channel.c.deliverability_reason,
            ),
            held_at=case((renewed, held), else_=_channel.c.held_at),
            suppressed_at=case(
                (and_(opted_in, standing.c.since > _channel.c.suppressed_at), null()), else_=_channel.c.suppressed_at
            ),
        )
    )


def _fold_topics() -> Any:
    record = entity(ConsentRecord)
    about = one_of(record.channel_id, "channel_ids"), record.topic_id.is_not(None)
    held = fold.folded(select(*fold.columns(record)).where(*about)).subquery()
    rows = select(held.c.channel_id, held.c.topic_id, held.c.status, held.c.since, held.c.record_id, ACCOUNT)
    added = insert(_channel_topic).from_select(
        ["channel_id", "topic_id", "status", "at", "record_id", "account_id"], rows.where(true())
    )
    new = {name: added.excluded[name] for name in ("status", "at", "record_id")}
    return added.on_conflict_do_update(index_elements=["account_id", "channel_id", "topic_id"], set_=new)


FOLD = changing(_fold())
FOLD_TOPICS = changing(_fold_topics())
