"""Whether messages arrive at channels, and what else is said of them by acts."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Boolean, String, and_, case, null, or_, update

from app.acts import Act
from app.channels import queries
from app.db import Writer, changing, param, table
from app.db.expressions import constant, one_of
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.tables import (
    Channel,
    Deliverability,
)

_channel = table(Channel)
VERIFY = changing(
    update(_channel)
    .where(_channel.c.id == param("channel_id", Id()), _channel.c.verified_at.is_(None))
    .values(verified_at=param("at", Time()))
)
SET_GDPR = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"), _channel.c.gdpr_applies != param("applies", Boolean()))
    .values(gdpr_applies=param("applies", Boolean()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)
SET_DELIVERABILITY = changing(
    update(_channel)
    .where(
        _channel.c.id == param("channel_id", Id()),
        or_(_channel.c.deliverability != param("new", String()), _channel.c.held_at.is_not(None)),
    )
    .values(
        deliverability=param("new", String()),
        deliverability_since=param("at", Time()),
        deliverability_reason=param("reason", String()),
        held_at=null(),
        released_at=case(
            (param("new", String()) == constant(Deliverability.ACTIVE), param("at", Time())),
            else_=_channel.c.released_at,
        ),
        updated_at=param("at", Time()),
    )
    .returning(_channel.c.id)
)
MAKE_UNDELIVERABLE = changing(
    update(_channel)
    .where(
        one_of(_channel.c.id, "ids"),
        or_(
            _channel.c.deliverability == constant(Deliverability.ACTIVE),
            and_(
                param("new", String()) == constant(Deliverability.EXPIRED),
                _channel.c.deliverability == constant(Deliverability.HELD),
            ),
        ),
    )
    .values(
        deliverability=param("new", String()),
        deliverability_since=param("at", Time()),
        deliverability_reason=param("reason", String()),
        held_at=null(),
        updated_at=param("at", Time()),
    )
    .returning(_channel.c.id)
)
SET_PRIMARY = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"))
    .values(primary_since=param("at", Time()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)


async def set_deliverability(
    writer: Writer, *, channel_id: UUID, deliverability: Deliverability, reason: str, act: Act
) -> bool:
    """Says whether messages arrive at a channel, and why; ACTIVE releases it. Whether that is news."""
    new = {"new": deliverability, "reason": reason, "at": act.at}
    if not await writer.fetch(SET_DELIVERABILITY, channel_id=channel_id, **new):
        return False
    fact = {"channel": spelled("Channel", channel_id), "deliverability": deliverability}
    events.publish(writer, name="deliverability_set", data=fact, channel_ids=[channel_id], act=act)
    return True


async def make_undeliverable(
    writer: Writer, *, standing: Mapping[UUID, Deliverability], reason: str, act: Act
) -> set[UUID]:
    """Holds channels, or lets them expire, as an import says, and why; those of which that is news.

    None is released by it, or has it any better than before.
    """
    before = dict(await writer.fetch(queries.CHANGED, ids=standing)) if standing else {}
    changed = set[UUID]()
    for new in (Deliverability.HELD, Deliverability.EXPIRED):
        if ids := [id for id in before if standing[id] is new]:
            found = await writer.fetch(MAKE_UNDELIVERABLE, ids=ids, new=new, reason=reason, at=act.at)
            changed.update(id for (id,) in found)
    for id in sorted(changed):
        if act.lot and before[id] != act.at:  # else it is noted, or new
            act.lot.touched.setdefault(id, before[id])
        fact = {"channel": spelled("Channel", id), "deliverability": standing[id]}
        events.publish(writer, name="deliverability_set", data=fact, channel_ids=[id], act=act)
    return changed
