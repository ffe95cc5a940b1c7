"""Recording what happened on channels."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from app.acts import Act
from app.db import Insertion, Writer
from app.events import operations as events
from app.ids import spelled
from app.tables import Engagement, EngagementKind

#: Contested: the same external id at the same time is the same thing, told twice.
INTO_ENGAGEMENTS = Insertion(Engagement, contested=True)
UNSAID: dict[str, Any] = dict.fromkeys(("external_id", "name", "url", "text", "value", "bounce_type"))


def record(
    writer: Writer,
    *,
    channel_id: UUID,
    kind: EngagementKind,
    occurred_at: datetime,
    properties: Mapping[str, Any],
    act: Act,
    **said: Any,
) -> UUID:
    """Records that something happened on a channel; its id. `said` are further columns, such as the external id.

    The work starts over where somebody else recorded the same external id meanwhile.
    """
    id = act.new_id()
    row = {"id": id, "channel_id": channel_id, "kind": kind, "occurred_at": occurred_at, "recorded_at": act.at}
    writer.insert(INTO_ENGAGEMENTS, **{**UNSAID, **said}, **row, properties=properties)
    fact = {"engagement": spelled("Engagement", id), "kind": kind}
    events.publish(writer, name="engagement_recorded", data=fact, channel_ids=[channel_id], act=act)
    return id
