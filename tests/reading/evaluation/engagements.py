"""What happened on channels."""

from datetime import datetime
from typing import Any

from tests.reading.evaluation import channels, profiles
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Json, Object, node, printed
from tests.reading.evaluation.pages import Item, connection
from tests.reading.world import Row


def timeline(held: Holding, members: list[Row], **paging: Any) -> Object:
    """What happened on these channels."""
    items = [
        Item(row["occurred_at"], row["id"], engagement(held, row)) for row in held.hanging_on("engagement", members)
    ]
    return connection("Engagement", items, descending=True, **paging)


def engagement(held: Holding, row: Row) -> Object:
    """The type Engagement."""
    channel = held.channel_by_id[row["channel_id"]]
    return node("Engagement", row["id"]) | {
        "kind": row["kind"],
        "channel": lambda _: channels.channel(held, channel),
        "channelKind": channel["kind"],
        "profile": lambda _: profiles.profile(held, held.members[channel["id"]]),
        "occurredAt": printed(row["occurred_at"]),
        "recordedAt": printed(row["recorded_at"]),
        "name": row["name"],
        "url": row["url"],
        "text": row["text"],
        "value": row["value"],
        "bounceType": row["bounce_type"],
        "properties": Json(row["properties"]),
    }


def summary(held: Holding, members: list[Row], since: str | None) -> list[Object]:
    """The list of EngagementCount, by the kinds of channel and of engagement."""
    times: dict[tuple[str, str], list[datetime]] = {}
    for row in held.hanging_on("engagement", members):
        if since is None or row["occurred_at"] >= datetime.fromisoformat(since):
            kinds = held.channel_by_id[row["channel_id"]]["kind"], row["kind"]
            times.setdefault(kinds, []).append(row["occurred_at"])
    return [
        {
            "channelKind": channel_kind,
            "kind": kind,
            "count": len(found),
            "firstAt": printed(min(found)),
            "lastAt": printed(max(found)),
        }
        for (channel_kind, kind), found in sorted(times.items())
    ]
