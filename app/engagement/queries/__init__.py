"""What happened: timelines (`timelines`), and the proof of their counts (`check`)."""

from app.engagement.queries.timelines import (
    BY_EXTERNAL_ID,
    Recorded,
    by_id,
    by_ids,
    channel_of,
    counted,
    kind_of_channel,
    newest_first,
    of_channel,
    of_profile,
    profile_of,
)

__all__ = [
    "BY_EXTERNAL_ID",
    "Recorded",
    "by_id",
    "by_ids",
    "channel_of",
    "counted",
    "kind_of_channel",
    "newest_first",
    "of_channel",
    "of_profile",
    "profile_of",
]
