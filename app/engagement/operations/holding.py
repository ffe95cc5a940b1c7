"""What bounces, deliveries and complaints say of whether messages arrive at a channel."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, null, or_, select, update

from app.acts import Act
from app.db import Writer, changing, entity, param, table
from app.db.expressions import constant, each_of, in_order, one_of, outer
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.kinds import EngagementKind
from app.profiles import operations as profiles
from app.tables import Account, BounceType, Channel, Deliverability, Engagement, EngagementCount

HELD, AGAIN, COMPLAINT = "Hard bounces of messages in a row.", "A message was delivered again.", "A complaint."
_channel, _account = table(Channel), table(Account)


def _last(channel_id: Any, kind: EngagementKind) -> Any:
    """When a kind of thing last happened on a channel."""
    count = entity(EngagementCount)
    return select(count.last_at).where(count.channel_id == channel_id, count.kind == constant(kind)).scalar_subquery()


def held_at(channel: Any) -> Any:
    """Since when a channel's bounces hold it, NULL where they do not: a scalar subquery.

    They do from the hard bounce that makes the account's number of them in a row, in order of when they happened, since
    the last delivery and the last release.
    """
    bounce = entity(Engagement)
    delivered = _last(outer(channel.id), EngagementKind.DELIVERY)
    most = select(_account.c.bounces_to_hold).scalar_subquery()
    return (
        select(bounce.occurred_at)
        .where(
            bounce.channel_id == outer(channel.id),
            bounce.kind == constant(EngagementKind.BOUNCE),
            bounce.bounce_type == constant(BounceType.HARD),
            or_(delivered.is_(None), bounce.occurred_at > delivered),
            or_(outer(channel.released_at).is_(None), bounce.occurred_at > outer(channel.released_at)),
        )
        .order_by(bounce.occurred_at, bounce.id)
        .limit(1)
        .offset(most - 1)
        .scalar_subquery()
    )


def _hold() -> Any:
    channel, each = entity(Channel), each_of(param("ids", Id()))
    rows = select(
        channel.id, held_at(channel).label("held_at"), _last(outer(channel.id), EngagementKind.DELIVERY).label("again")
    )
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
            deliverability_since=func.coalesce(due.c.held_at, due.c.again),
            deliverability_reason=case((held, constant(HELD)), else_=constant(AGAIN)),
            held_at=due.c.held_at,
            updated_at=param("at", Time()),
        )
        .returning(_channel.c.id, _channel.c.profile_id, _channel.c.deliverability)
    )


def _ban() -> Any:
    complained = _last(outer(_channel.c.id), EngagementKind.COMPLAINT)
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


async def ban(writer: Writer, *, channel_ids: Collection[UUID], act: Act) -> None:
    """Bans channels on which there were complaints, unless they were released since."""
    if channel_ids:
        await _tell(writer, await writer.fetch(BAN, ids=channel_ids, at=act.at), act)


async def hold(writer: Writer, *, channel_ids: Collection[UUID], act: Act) -> None:
    """Holds channels whose messages bounced often enough in a row, and lets go of those that a delivery releases."""
    if channel_ids:
        await _tell(writer, await writer.fetch(HOLD, ids=channel_ids, at=act.at), act)


async def _tell(writer: Writer, changed: Collection[tuple[UUID, UUID, str]], act: Act) -> None:
    """Publishes what became of channels, and maintains the copies of their profiles."""
    for channel_id, _, deliverability in changed:
        fact = {"channel": spelled("Channel", channel_id), "deliverability": deliverability}
        events.publish(writer, name="deliverability_set", data=fact, channel_ids=[channel_id], act=act)
    if changed:
        await profiles.maintain(writer, ids={profile_id for _, profile_id, _ in changed})
