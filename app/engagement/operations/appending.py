"""Appending to timelines, and keeping their counts."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case

from app.acts import Act
from app.db import Insertion, Writer
from app.engagement.rules import announcing
from app.engagement.rules.reporting import NO_PROPERTIES
from app.kinds import EngagementKind
from app.tables import BounceType, Engagement, EngagementCount


class Entry(NamedTuple):
    """Something that happened on a channel, to be written down; column by column."""

    channel_id: UUID
    kind: EngagementKind
    occurred_at: datetime
    external_id: str | None = None
    name: str | None = None
    url: str | None = None
    text: str | None = None
    value: float | None = None
    bounce_type: BounceType | None = None
    properties: Any = NO_PROPERTIES


COLUMNS = ("id", "recorded_at", *Entry._fields)


def _together(mine: Any, new: Any) -> dict[str, Any]:
    """A count and what is added to it."""
    return {
        "count": mine["count"] + new["count"],
        "first_at": case((new.first_at < mine.first_at, new.first_at), else_=mine.first_at),
        "last_at": case((new.last_at > mine.last_at, new.last_at), else_=mine.last_at),
    }


INTO_ENGAGEMENTS = Insertion(Engagement, skip_known=True)
INTO_COUNTS = Insertion(EngagementCount, merging=_together)


async def append(writer: Writer, *, entries: Sequence[Entry], act: Act) -> list[UUID | None]:
    """Writes down what happened, counts it, and announces it; the ids, in order.

    None where the external id was known, or came twice: nothing is written then.
    """
    ids = act.new_ids(len(entries))
    rows = [dict(zip(COLUMNS, (id, act.at, *entry), strict=True)) for id, entry in zip(ids, entries, strict=True)]
    # All take external ids in one order, and counts after that in another: so two who write the same never deadlock.
    in_order = sorted(rows, key=lambda row: (row["kind"], row["external_id"] or ""))
    new = await writer.insert_new(INTO_ENGAGEMENTS, in_order)
    recorded = rows if len(new) == len(rows) else [row for row in rows if row["id"] in new]
    for count in counts(recorded):
        writer.insert(INTO_COUNTS, **count)
    for news in announcing.told([row["id"] for row in recorded]):
        writer.announce(news)
    return [id if id in new else None for id in ids]


def counts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """How often what happened on each channel, when first and when last; in one order for all who count."""
    found: dict[tuple[UUID, EngagementKind], tuple[int, datetime, datetime]] = {}
    for row in rows:
        key, at = (row["channel_id"], row["kind"]), row["occurred_at"]
        count, first, last = found.get(key, (0, at, at))
        found[key] = count + 1, min(first, at), max(last, at)
    return [
        {"channel_id": channel_id, "kind": kind, "count": count, "first_at": first, "last_at": last}
        for (channel_id, kind), (count, first, last) in sorted(found.items(), key=_by_channel)
    ]


def _by_channel(found: tuple[tuple[UUID, EngagementKind], Any]) -> tuple[bytes, EngagementKind]:
    (channel_id, kind), _ = found
    return channel_id.bytes, kind
