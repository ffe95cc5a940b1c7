"""Which engagements are meant: an EngagementMatch of the API as SQL conditions."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from app.db.expressions import contains, one_of_texts, unindexed
from app.db.types import Time

#: What was given of an EngagementMatch, by the names that the API has: what varies is bound. None is as good as absent.
Match = Mapping[str, Any]
#: The symbols that SQLite's parser holds of a match beyond the usual; see `app.reading.scopes`.
ROOM = 8
BEGINNING = datetime.min.replace(tzinfo=UTC)


def matching(engagement: Any, where: Match | None, *, since: Any, until: Any) -> list[Any]:
    """What an engagement must meet, the kind of its channel aside. `since` and `until` are its CUT_OFFS.

    The order and the cursors of a timeline decide by which index it is read, never the kinds: of the index that has
    them SQLite, which has no statistics, would make too much.
    """
    where = where or {}
    occurred = where.get("occurred") or {}
    conditions: tuple[tuple[Any, Callable[[Any], Any]], ...] = (
        (where.get("kinds"), lambda kinds: one_of_texts(unindexed(engagement.kind), kinds)),
        (where.get("name"), lambda name: engagement.name == name),
        (where.get("urlContains"), lambda text: contains(engagement.url, text)),
        (where.get("textContains"), lambda text: contains(engagement.text, text)),
        (occurred.get("after"), lambda at: engagement.occurred_at > at),
        (occurred.get("before"), lambda at: engagement.occurred_at < at),
        (occurred.get("withinLast"), lambda _: engagement.occurred_at > since),
        (occurred.get("olderThan"), lambda _: engagement.occurred_at < until),
    )
    return [condition(value) for value, condition in conditions if value is not None]


def channel_kind(where: Match | None) -> Any:
    """The kind of channel that is meant, if one is."""
    return where.get("channelKind") if where else None


def ago(now: datetime, by: timedelta) -> datetime:
    """The time so long before now; the beginning of all, where no calendar reaches that far."""
    return now - by if by < now - BEGINNING else BEGINNING


def _cut_off(name: str) -> Callable[[Any, Mapping[str, Any]], datetime]:
    return lambda context, arguments: ago(context.now(), arguments["where"]["occurred"][name])


#: What timelines are given besides a match: the times that its durations reach back to from now. They are worked out
#: before the statement runs, for only Python can reckon with the times that SQLite has as texts.
CUT_OFFS: Mapping[str, tuple[Callable[[Any, Mapping[str, Any]], Any], Any]] = {
    "since": (_cut_off("withinLast"), Time()),
    "until": (_cut_off("olderThan"), Time()),
}
