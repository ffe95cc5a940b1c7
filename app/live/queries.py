"""The engagements that were announced, and the ids that the profiles of their channels go by."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, select

from app.db import entity, param, selecting
from app.db.expressions import each_of, in_order
from app.db.types import Id
from app.engagement.queries import kind_of_channel, matching
from app.engagement.queries.matching import Match, channel_kind
from app.tables import Channel, Engagement


class Of(NamedTuple):
    """An engagement, and an id that resolves to the profile that its channel is in now; a row for each such id."""

    engagement_id: UUID
    home_id: UUID


_engagement, _channel, _home = entity(Engagement), entity(Channel), entity(Channel)
_each = each_of(param("ids", Id()))
_happened: Any = in_order(_each, _engagement, _engagement.id == _each.c.id)
_on: Any = in_order(_happened, _channel, _channel.id == _engagement.channel_id)
OF_PROFILES = selecting(
    Of,
    select(_engagement.id, _home.home_id).select_from(in_order(_on, _home, _home.profile_id == _channel.profile_id)),
)


def announced(asked: Any, where: Match | None = None, since: Any = None, until: Any = None) -> tuple[Select[Any], Any]:
    """Those of the engagements with the ids `asked.ids` that match, and the id of each."""
    engagement, each, kind = entity(Engagement), each_of(asked.ids), channel_kind(where)
    found = select(engagement).select_from(in_order(each, engagement, engagement.id == each.c.id))
    found = found.where(*matching(engagement, where, since=since, until=until))
    return (found if kind is None else found.where(kind_of_channel(engagement) == kind)), engagement.id
