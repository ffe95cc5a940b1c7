"""Quiet hours: when a number's owner may not be sent marketing texts (47 CFR 64.1200(c)(1); default 21 to 8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from phonenumbers.timezone import UNKNOWN_TIMEZONE
from phonenumbers.tzdata import TIMEZONE_DATA

from app.accounts.rules import QuietHours

QUARTER = timedelta(minutes=15)  # local hours begin on quarters of UTC hours, wherever one is
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
YEARS = range(1980, 9999)  # in which that is so, and in which there is a day before and after


@dataclass(frozen=True, slots=True)
class Quiet:
    """Until when it is quiet (UTC), by the time zones that numbers tell and by the account's; None where it is not."""

    by_zones: dict[str, datetime | None]
    otherwise: datetime | None


def quiet(at: datetime, hours: QuietHours) -> Quiet:
    """Where it is quiet at a time, and until when."""
    return _quiet(at - (at - EPOCH) % QUARTER, hours)


@lru_cache(maxsize=256)
def _quiet(at: datetime, hours: QuietHours) -> Quiet:
    otherwise = until((hours.time_zone,), at, hours)
    groups = set(TIMEZONE_DATA.values()) - {(UNKNOWN_TIMEZONE,)}
    return Quiet({"&".join(zones): until(zones, at, hours) for zones in groups}, otherwise)


def until(zones: Sequence[str], at: datetime, hours: QuietHours) -> datetime | None:
    """Until when it is quiet, in UTC: as long as it is so in any of the zones. None where it is not quiet.

    Numbers that tell of so many zones that it is always quiet in one of them tell of no place: the account's counts.
    """
    moment, end = at, _latest_end(zones, at, hours)
    while end is not None and end < at + timedelta(days=1):
        moment, end = end, _latest_end(zones, end, hours)
    if end is None:
        return None if moment == at else moment
    own = (hours.time_zone,)
    return end if tuple(zones) == own else until(own, at, hours)


def _latest_end(zones: Sequence[str], at: datetime, hours: QuietHours) -> datetime | None:
    """The latest of the ends of the quiet that there is in the zones now."""
    ends = [end for zone in zones if (end := _end(zone, at, hours))]
    return max(ends, default=None)


@lru_cache(maxsize=8192)
def _end(zone: str, at: datetime, hours: QuietHours) -> datetime | None:
    """When the quiet of now ends in the zone."""
    local = at.astimezone(ZoneInfo(zone))
    if not _within(local.hour, hours):
        return None
    day = local.date() + timedelta(days=local.hour >= hours.end)
    return datetime(day.year, day.month, day.day, hours.end, tzinfo=local.tzinfo).astimezone(UTC)


def _within(hour: int, hours: QuietHours) -> bool:
    if hours.start <= hours.end:
        return hours.start <= hour < hours.end
    return hour >= hours.start or hour < hours.end
