"""Topics, and what people prefer."""

from datetime import datetime

import strawberry

from app.consent.queries import topics
from app.kinds import ChannelKind
from app.tables import Topic as Row
from graphql_schema.declaring import column, expression, one
from graphql_schema.paging import Node


@strawberry.type(description="Something that people may be told about, or not.")
class Topic(Node):
    """Something that people may be told about, or not."""

    key: str = column(Row.key, "By which it is named in calls, such as product_news.")
    name: str = column(Row.name, "As people read it.")


@strawberry.type(description="What a person prefers about a topic, on one kind of channel; only what was ever said.")
class Preference:
    """What a person prefers about a topic."""

    topic: Topic = one(topics.of, "The topic.")
    channel_kind: ChannelKind = expression(lambda row: row.channel_kind, "On which kind of channel.")
    subscribed: bool = expression(
        lambda row: row.subscribed, "The newest word of the channels of this kind; on a tie the opt-out."
    )
    updated_at: datetime = expression(lambda row: row.updated_at, "When it was said.")
