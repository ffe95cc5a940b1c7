"""The timelines of an account, a profile and a channel."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, String, select

from app.db import entity, param, selecting
from app.db.expressions import each_of, in_order
from app.engagement.queries.matching import Match, channel_kind, matching
from app.reading import Merged, Order
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


def of_profile(profile: Any, where: Match | None = None, since: Any = None, until: Any = None) -> Merged:
    """What happened on any of the profile's channels."""
    channel, kind = entity(Channel), channel_kind(where)
    parents = select(channel).where(channel.profile_id == profile.id)

    def children(channel: Any) -> Select[Any]:
        engagement = entity(Engagement)
        found = select(engagement).where(engagement.channel_id == channel.id)
        return found.where(*matching(engagement, where, since=since, until=until))

    return Merged(parents if kind is None else parents.where(channel.kind == kind), children)


def of_channel(channel: Any, where: Match | None = None, since: Any = None, until: Any = None) -> Select[Any]:
    """What happened on the channel."""
    engagement, kind = entity(Engagement), channel_kind(where)
    found = select(engagement).where(engagement.channel_id == channel.id)
    found = found.where(*matching(engagement, where, since=since, until=until))
    return found if kind is None else found.where(channel.kind == kind)


def of_account(_: object, where: Match | None = None, since: Any = None, until: Any = None) -> Select[Any]:
    """What happened on any channel of the account."""
    engagement, kind = entity(Engagement), channel_kind(where)
    found = select(engagement).where(*matching(engagement, where, since=since, until=until))
    return found if kind is None else found.where(kind_of_channel(engagement) == kind)


def newest_first(engagement: Any, **_: Any) -> Order:
    """The order of every timeline."""
    return Order(engagement.occurred_at, descending=True)


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
