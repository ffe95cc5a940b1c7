"""The timelines of a profile and of a channel."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, String, func, select

from app.db import entity, param, selecting
from app.db.expressions import each_of, in_order
from app.reading import Merged
from app.tables import Channel, Engagement, Profile


class Recorded(NamedTuple):
    """Something that was recorded, and on which channel."""

    id: UUID
    channel_id: UUID


_engagement = entity(Engagement)
BY_EXTERNAL_ID = selecting(
    Recorded,
    select(_engagement.id, _engagement.channel_id).where(
        _engagement.kind == param("kind", String()), _engagement.external_id == param("external_id", String())
    ),
)


def by_id(payload: Any) -> Select[Any]:
    """The engagement `payload.engagement_id`."""
    engagement = entity(Engagement)
    return select(engagement).where(engagement.id == payload.engagement_id)


def by_ids(payload: Any) -> Select[Any]:
    """The engagements `payload.engagement_ids`, in the order in which they were made known."""
    engagement, each = entity(Engagement), each_of(payload.engagement_ids)
    found = select(engagement).select_from(in_order(each, engagement, engagement.id == each.c.id))
    return found.order_by(engagement.id)


def of_profile(profile: Any) -> Merged:
    """What happened on any of the profile's channels."""
    channel, engagement = entity(Channel), entity(Engagement)
    return Merged(
        parents=select(channel).where(channel.profile_id == profile.id),
        children=select(engagement).where(engagement.channel_id == channel.id),
    )


def of_channel(channel: Any) -> Select[Any]:
    """What happened on the channel."""
    engagement = entity(Engagement)
    return select(engagement).where(engagement.channel_id == channel.id)


def newest_first(engagement: Any, **_: Any) -> tuple[Any, bool]:
    """The order of every timeline."""
    return engagement.occurred_at, True


def channel_of(row: Any) -> Select[Any]:
    """The channel that something stands on."""
    channel = entity(Channel)
    return select(channel).where(channel.id == row.channel_id)


def kind_of_channel(engagement: Any) -> Any:
    """The kind of the channel on which it happened."""
    channel = entity(Channel)
    return select(channel.kind).where(channel.id == engagement.channel_id).scalar_subquery()


def profile_of(engagement: Any) -> Select[Any]:
    """The profile that the engagement's channel is in now."""
    profile, channel = entity(Profile), entity(Channel)
    found = select(profile).select_from(in_order(channel, profile, profile.id == channel.profile_id))
    return found.where(channel.id == engagement.channel_id)


def counted(profile: Any, since: datetime | None = None) -> Select[Any]:
    """How often each kind of thing happened on each kind of channel, and when first and last."""
    channel, engagement = entity(Channel), entity(Engagement)
    found = (
        select(
            channel.kind.label("channel_kind"),
            engagement.kind.label("kind"),
            func.count().label("count"),
            func.min(engagement.occurred_at).label("first_at"),
            func.max(engagement.occurred_at).label("last_at"),
        )
        .select_from(in_order(channel, engagement, engagement.channel_id == channel.id))
        .where(channel.profile_id == profile.id)
        .group_by(channel.kind, engagement.kind)
        .order_by(channel.kind, engagement.kind)
    )
    return found if since is None else found.where(engagement.occurred_at >= since)
