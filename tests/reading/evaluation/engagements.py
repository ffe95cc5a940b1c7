"""What happened on channels."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from string import ascii_lowercase, ascii_uppercase
from typing import Any

from tests.reading.evaluation import channels, profiles
from tests.reading.evaluation.holding import Holding
from tests.reading.evaluation.objects import Json, Object, node, printed
from tests.reading.evaluation.pages import Item, connection
from tests.reading.values import NOW
from tests.reading.world import Row

LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)


DONE_BY_BUSINESS = {"SEND", "DELIVERY", "BOUNCE"}


def timeline(held: Holding, members: list[Row], where: Object | None = None, **paging: Any) -> Object:
    """What happened on these channels, as far as it is meant."""
    happened = held.hanging_on("engagement", members)
    items = [
        Item(row["occurred_at"], row["id"], engagement(held, row))
        for row in happened
        if all(meant(row, held.channel_by_id[row["channel_id"]], where or {}))
    ]
    return connection("Engagement", items, descending=True, **paging)


def last_engaged(held: Holding, members: list[Row]) -> datetime | None:
    """When the person last did something, if ever."""
    rows = [row for row in held.hanging_on("engagement", members) if row["kind"] not in DONE_BY_BUSINESS]
    return max((row["occurred_at"] for row in rows), default=None)


def meant(row: Row, channel: Row, where: Object) -> Iterator[bool]:
    """Whether an engagement meets each part of an EngagementMatch."""
    at, tests = row["occurred_at"], where.get("occurred") or {}
    parts: dict[str, Callable[[Any], bool]] = {
        "channelKind": lambda kind: channel["kind"] == kind,
        "kinds": lambda kinds: row["kind"] in kinds,
        "name": lambda name: row["name"] == name,
        "urlContains": lambda text: within(text, row["url"]),
        "textContains": lambda text: within(text, row["text"]),
        "after": lambda time: at > datetime.fromisoformat(time),
        "before": lambda time: at < datetime.fromisoformat(time),
        "withinLast": lambda duration: at > NOW - length(duration),
        "olderThan": lambda duration: at < NOW - length(duration),
    }
    for name, asked in [*where.items(), *tests.items()]:
        if name != "occurred" and asked is not None:
            yield parts[name](asked)


def within(sought: str, text: str | None) -> bool:
    """Whether a text has another within it, whatever the case of A to Z."""
    return text is not None and sought.translate(LOWER) in text.translate(LOWER)


def length(duration: str) -> timedelta:
    """How long a duration of whole units is."""
    seconds = {"W": 7 * 86400, "D": 86400, "H": 3600, "M": 60, "S": 1}
    return timedelta(seconds=sum(int(n) * seconds[unit] for n, unit in re.findall(r"(\d+)([WDHMS])", duration)))


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
