"""What happened on channels."""

from datetime import datetime, timedelta
from typing import Any

import strawberry
from strawberry.scalars import JSON
from strawberry.types.arguments import StrawberryArgument

from app.engagement import queries
from app.kinds import ChannelKind, EngagementKind
from app.tables import BounceType
from app.tables import Engagement as Row
from graphql_schema.declaring import argument, column, expression, one, page
from graphql_schema.forward import Channel, Profile
from graphql_schema.inputs import optional
from graphql_schema.paging import Node


@strawberry.input(description="When something was; all that are given hold, and none of them is anywhen.")
class TimeTest:
    """When something was."""

    after: datetime | None = optional("Later than this.")
    before: datetime | None = optional("Earlier than this.")
    within_last: timedelta | None = optional("Less than so long ago; what is yet to come as well.")
    older_than: timedelta | None = optional("More than so long ago.")


@strawberry.input(
    description="Which engagements are meant: all that is given holds; what is null is as good as left out."
)
class EngagementMatch:
    """Which engagements are meant."""

    channel_kind: ChannelKind | None = optional("Those on this kind of channel.")
    kinds: list[EngagementKind] | None = optional("Those of any of these kinds; of an empty list, none.")
    name: str | None = optional("Those of exactly this name.")
    url_contains: str | None = optional(
        "Those whose page or link has this in it, the letters A to Z in any case; no character is a wildcard."
    )
    text_contains: str | None = optional("Those whose text has this in it, in the same way.")
    occurred: TimeTest | None = optional("Those that happened then.")


def timeline(of: Any, says: str, *, room: int = 0) -> Any:
    """The connection of a timeline."""
    order, cut_offs = queries.newest_first, queries.CUT_OFFS
    return page(of, order, says, worked_out=cut_offs, room=room, room_to_choose=queries.ROOM, where=match())


def match() -> StrawberryArgument:
    """The argument that says which engagements are meant."""
    return argument("where", EngagementMatch | None, "Only those that match; totalCount counts only them.")


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
