"""Topics, and what people prefer."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, case, func, select

from app.db import entity, selecting
from app.db.expressions import in_order, one_of, one_of_texts
from app.tables import Channel, ChannelTopic, ConsentStatus, Topic


class Known(NamedTuple):
    """A topic by its key."""

    id: UUID
    key: str
    name: str


#: What `preferences` takes of SQLite's parser beyond the usual.
PREFERENCES_ROOM = 5
_topic, _preference = entity(Topic), entity(ChannelTopic)
BY_KEYS = selecting(
    Known, select(_topic.id, _topic.key, _topic.name).where(one_of_texts(_topic.key, "keys")).order_by(_topic.key)
)
ALL = selecting(Known, select(_topic.id, _topic.key, _topic.name).order_by(_topic.key))
HELD = selecting(
    lambda channel_id, topic_id, status: (channel_id, topic_id, ConsentStatus(status)),
    select(_preference.channel_id, _preference.topic_id, _preference.status).where(
        one_of(_preference.channel_id, "channel_ids")
    ),
)


def every(_: object) -> Select[Any]:
    """All topics, in order of their keys."""
    topic = entity(Topic)
    return select(topic).order_by(topic.key)


def by_id(payload: Any) -> Select[Any]:
    """The topic `payload.id`."""
    topic = entity(Topic)
    return select(topic).where(topic.id == payload.id)


def of(row: Any) -> Select[Any]:
    """The topic that something is about, if it is about one."""
    topic = entity(Topic)
    return select(topic).where(topic.id == row.topic_id)


def preferences(profile: Any) -> Select[Any]:
    """What a profile's channels of each kind say of each topic: the newest word, on a tie the opt-out."""
    channel, said = entity(Channel), entity(ChannelTopic)
    newest = func.row_number().over(
        partition_by=[channel.kind, said.topic_id],
        order_by=[said.at.desc(), case((said.status == ConsentStatus.OPTED_OUT, 0), else_=1), said.channel_id],
    )
    found = (
        select(
            said.topic_id,
            channel.kind.label("channel_kind"),
            (said.status != ConsentStatus.OPTED_OUT).label("subscribed"),
            said.at.label("updated_at"),
            newest.label("place"),
        )
        .select_from(in_order(channel, said, said.channel_id == channel.id))
        .where(channel.profile_id == profile.id)
        .subquery()
    )
    return select(found).where(found.c.place == 1).order_by(found.c.topic_id, found.c.channel_kind)
