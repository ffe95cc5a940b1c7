"""How often what happened to a person."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from app.db import entity
from app.db.expressions import in_order
from app.tables import Channel, Engagement, EngagementCount


def counted(profile: Any, since: datetime | None = None) -> Select[Any]:
    """How often each kind of thing happened on each kind of channel, and when first and last.

    Of all time it is the sum of what is kept of each channel; since a time, the engagements themselves are counted.
    """
    channel = entity(Channel)
    what, (count, first, last) = _kept() if since is None else _happened()
    found = select(
        channel.kind.label("channel_kind"),
        what.kind.label("kind"),
        count.label("count"),
        first.label("first_at"),
        last.label("last_at"),
    ).select_from(in_order(channel, what, what.channel_id == channel.id))
    found = found.where(channel.profile_id == profile.id).group_by(channel.kind, what.kind)
    found = found.order_by(channel.kind, what.kind)
    return found if since is None else found.where(what.occurred_at >= since)


def _kept() -> tuple[Any, tuple[Any, Any, Any]]:
    of = entity(EngagementCount)
    return of, (func.sum(of.count), func.min(of.first_at), func.max(of.last_at))


def _happened() -> tuple[Any, tuple[Any, Any, Any]]:
    of = entity(Engagement)
    return of, (func.count(), func.min(of.occurred_at), func.max(of.occurred_at))
