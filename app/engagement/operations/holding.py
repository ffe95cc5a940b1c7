"""What bounces, deliveries and complaints say of whether messages arrive at a channel."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, null, or_, select, update

from app.acts import Act
from app.channels.queries import HELD, held_at, last_of
from app.db import Writer, changing, entity, param, table
from app.db.expressions import constant, each_of, in_order, one_of, outer
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.kinds import EngagementKind
from app.tables import Channel, Deliverability

AGAIN, COMPLAINT = "A message was delivered again.", "A complaint."
FEWER = "So many bounces in a row do not hold any more."
_channel = table(Channel)


def _hold() -> Any:
    channel, each = entity(Channel), each_of(param("ids", Id()))
    delivered = last_of(outer(channel.id), EngagementKind.DELIVERY)
    rows = select(channel.id, held_at(channel).label("held_at"), delivered.label("again"))
    found = rows.select_from(in_order(each, channel, channel.id == each.c.id))
    due: Any = found.cte("due").prefix_with("MATERIALIZED")  # computed once, and from these channels on
    held = due.c.held_at.is_not(None)
    holds = and_(_channel.c.deliverability == constant(Deliverability.ACTIVE), held)
    changes = and_(_channel.c.held_at.is_not(None), _channel.c.held_at.is_distinct_from(due.c.held_at))
    return (
        update(_channel)
        .where(one_of(_channel.c.id, "ids"), _channel.c.id == due.c.id, or_(holds, changes))
        .values(
            deliverability=case((held, constant(Deliverability.HELD)), else_=constant(Deliverability.ACTIVE)),
            deliverability_since=func.coalesce(due.c.held_at, due.c.again, param("at", Time())),
            deliverability_reason=case(
                (held, constant(HELD)), (due.c.again.is_(None), constant(FEWER)), else_=constant(AGAIN)
            ),
            held_at=due.c.held_at,
            updated_at=param("at", Time()),
        )
        .returning(_channel.c.id, _channel.c.profile_id, _channel.c.deliverability)
    )


def _ban() -> Any:
    complained = last_of(outer(_channel.c.id), EngagementKind.COMPLAINT)
    return (
        update(_channel)
        .where(
            one_of(_channel.c.id, "ids"),
            _channel.c.deliverability != constant(Deliverability.BANNED),
            or_(_channel.c.released_at.is_(None), _channel.c.released_at < complained),
        )
        .values(
            deliverability=constant(Deliverability.BANNED),
            deliverability_since=complained,
            deliverability_reason=constant(COMPLAINT),
            held_at=null(),
            updated_at=param("at", Time()),
        )
        .returning(_channel.c.id, _channel.c.profile_id, _channel.c.deliverability)
    )


HOLD, BAN = changing(_hold()), changing(_ban())


async def ban(writer: Writer, *, channel_ids: Collection[UUID], act: Act) -> set[UUID]:
    """Bans channels on which there were complaints, unless they were released since; the profiles to be maintained."""
    return _told(writer, await writer.fetch(BAN, ids=channel_ids, at=act.at), act) if channel_ids else set()


async def hold(writer: Writer, *, channel_ids: Collection[UUID], act: Act) -> set[UUID]:
    """Holds channels whose messages bounced often enough in a row, and lets go of those that a delivery releases.

    The profiles to be maintained.
    """
    return _told(writer, await writer.fetch(HOLD, ids=channel_ids, at=act.at), act) if channel_ids else set()


def _told(writer: Writer, changed: Collection[tuple[UUID, UUID, str]], act: Act) -> set[UUID]:
    """Publishes what became of channels; the profiles that they are in."""
    for channel_id, _, deliverability in changed:
        fact = {"channel": spelled("Channel", channel_id), "deliverability": deliverability}
        events.publish(writer, name="deliverability_set", data=fact, channel_ids=[channel_id], act=act)
    return {profile_id for _, profile_id, _ in changed}
