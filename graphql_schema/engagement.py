"""What happened on channels."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from app.engagement import queries
from app.tables import BounceType, ChannelKind, EngagementKind
from app.tables import Engagement as Row
from graphql_schema.declaring import column, expression, one
from graphql_schema.forward import Channel, Profile
from graphql_schema.paging import Node


@strawberry.type(description="Something that happened on a channel; it never leaves it.")
class Engagement(Node):
    """Something that happened on a channel."""

    kind: EngagementKind = column(Row.kind, "What happened.")
    channel: Channel = one(queries.channel_of, "Where it happened.")
    channel_kind: ChannelKind = expression(queries.kind_of_channel, "On which kind of channel.")
    profile: Profile = one(queries.profile_of, "The profile that the channel is in now.")
    occurred_at: datetime = column(Row.occurred_at, "When it happened, as reported.")
    recorded_at: datetime = column(Row.recorded_at, "When it was written down.")
    name: str | None = column(Row.name, "The name of a CUSTOM event.")
    url: str | None = column(Row.url, "The page or link.")
    text: str | None = column(Row.text, "The text of a RESPONSE.")
    value: float | None = column(Row.value, "What a CONVERSION was worth.")
    bounce_type: BounceType | None = column(Row.bounce_type, "Of a BOUNCE: for good, or for now.")
    properties: JSON = column(Row.properties, "Whatever else was given.")


@strawberry.type(description="How often one kind of thing happened on one kind of channel.")
class EngagementCount:
    """How often one kind of thing happened."""

    channel_kind: ChannelKind = expression(lambda row: row.channel_kind, "On which kind of channel.")
    kind: EngagementKind = column(Row.kind, "What happened.")
    count: int = expression(lambda row: row.count, "How often.")
    first_at: datetime = expression(lambda row: row.first_at, "When first.")
    last_at: datetime = expression(lambda row: row.last_at, "When last.")
