"""The send gate counts all channels at once as it judges each of them, and knows when it is quiet where."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from app.accounts.rules import QuietHours
from app.consent.queries import gate
from app.consent.rules import quiet
from app.tables import MessagePurpose
from tests.reading.conftest import Noting, Populated
from tests.reading.evaluation import World, consent
from tests.reading.values import NOW, TOPICS

#: Around the clock, so that it is quiet now here, now there.
HOURS = [NOW + timedelta(hours=hours) for hours in range(0, 24, 8)]
#: When clocks go forward or back in America, in Europe, or on Lord Howe Island by half an hour; and the far future.
CHANGES = [
    "2024-03-10T05:50",
    "2024-11-03T04:10",
    "2024-03-30T22:00",
    "2024-10-26T23:29",
    "2024-04-06T14:59",
    "9998-07-01",
]


@pytest.mark.parametrize("purpose", MessagePurpose)
@pytest.mark.parametrize("topic", [None, TOPICS[0]])
async def test_channels_are_counted_as_each_of_them_is_judged(
    noting: Noting, population_one: Populated, purpose: MessagePurpose, topic: str | None
) -> None:
    statement, world = gate.counting(purpose=purpose, with_topic=topic is not None), population_one.world
    for at in HOURS:
        values = gate.quiet_values(at, QuietHours(time_zone=world.account["timeZone"]))
        async with noting.served.database.reading(population_one.client.account.account_id) as reader:
            [counted] = await reader.fetch(statement, **values, topic=topic)
        expected = judged(world, at, purpose, topic)
        assert {name: counts for name, counts in counted.items() if counts} == dict(expected)


def judged(world: World, at: datetime, purpose: str, topic: str | None) -> Counter[str]:
    """How many channels there are, how many may be sent something, and how many may not for each reason."""
    found = Counter[str]()
    for channel in world.channels:
        told = consent.sendability(world, channel, at.isoformat(), purpose, topic)
        found.update(["channels", *(["allowed"] if told["allowed"] else [])])
        found.update(str(block["reason"]) for block in told["blocks"])
    return found


@pytest.mark.parametrize("text", CHANGES)
def test_it_is_quiet_as_long_as_a_clock_of_any_of_the_zones_says_so(text: str) -> None:
    at = datetime.fromisoformat(text).replace(tzinfo=UTC)
    found = quiet.quiet(at, QuietHours())
    for zones, until in found.by_zones.items():
        assert until == consent.quiet_until({"kind": "SMS", "time_zones": zones}, "UTC", at), zones


def test_quiet_hours_of_nearly_a_day_end_where_clocks_go_back() -> None:
    zone = "America/New_York"
    one_at_night, midnight = datetime(2024, 11, 3, 5, tzinfo=UTC), datetime(2024, 11, 4, 5, tzinfo=UTC)
    assert quiet.until([zone], one_at_night, QuietHours(1, 0, zone)) == midnight
