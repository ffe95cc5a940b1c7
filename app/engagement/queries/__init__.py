"""What happened: `timelines`, which of it is meant (`matching`), how often (`counts`), and proof of that (`check`)."""

from app.engagement.queries.counts import counted
from app.engagement.queries.matching import CUT_OFFS, ROOM, matching
from app.engagement.queries.timelines import (
    BY_EXTERNAL_ID,
    Recorded,
    by_id,
    by_ids,
    channel_of,
    kind_of_channel,
    newest_first,
    of_account,
    of_channel,
    of_profile,
    profile_of,
)

__all__ = [
    "BY_EXTERNAL_ID",
    "CUT_OFFS",
    "ROOM",
    "Recorded",
    "by_id",
    "by_ids",
    "channel_of",
    "counted",
    "kind_of_channel",
    "matching",
    "newest_first",
    "of_account",
    "of_channel",
    "of_profile",
    "profile_of",
]
