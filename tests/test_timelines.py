"""Timelines: which engagements are meant, what is refused, and that pages miss nothing while others write."""

import asyncio
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import acts, tables
from app.db import Insertion, Writer
from app.ids import uuid_of
from tests.client import Client, Served

ENGAGEMENT, COUNT = Insertion(tables.Engagement), Insertion(tables.EngagementCount)
BEGINNING = datetime(2024, 1, 1, tzinfo=UTC)
MEANT = """
query Meant($where: EngagementMatch) {
  engagements(first: 250, where: $where) { nodes { name } totalCount }
}
"""
PAGE = """
query Page($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  profile(by: {id: $id}) {
    engagements(first: $first, after: $after, last: $last, before: $before) {
      nodes { id occurredAt } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
"""
ORDERED = """
query Ordered($direction: OrderDirection!, $after: String, $search: String) {
  profiles(first: 2, after: $after, search: $search, orderBy: {field: LAST_ENGAGED_AT, direction: $direction}) {
    nodes { displayName } pageInfo { hasNextPage endCursor } totalCount
  }
}
"""


def happened(channel: UUID, at: datetime, **more: Any) -> dict[str, Any]:
    """A row of something that happened."""
    return {
        "id": uuid4(),
        "channel_id": channel,
        "kind": "CUSTOM",
        "occurred_at": at,
        "recorded_at": at,
        "external_id": None,
        "name": None,
        "url": None,
        "text": None,
        "value": None,
        "bounce_type": None,
        "properties": {},
    } | more


async def record(served: Served, client: Client, *rows: dict[str, Any]) -> None:
    """Writes engagements."""

    async def work(writer: Writer) -> None:
        for row in rows:
            writer.insert(ENGAGEMENT, **row)

    await served.database.write(client.account.account_id, work)


async def channels_of(client: Client, email: str, mobile: str) -> tuple[str, list[UUID]]:
    """A new profile with two channels, and their ids."""
    added = await client.add_sms(mobile, email)
    ids = [uuid_of(channel["id"], "Channel") for channel in added["channels"]]
    return added["profile"]["id"], [id for id in ids if id]


async def names(client: Client, where: dict[str, Any] | None) -> str:
    """The names of those that are meant, the newest first."""
    found = (await client.ask(MEANT, where=where))["engagements"]
    assert found["totalCount"] == len(found["nodes"])
    return "".join(node["name"] for node in found["nodes"])


@pytest.mark.parametrize(
    ("where", "meant"),
    [
        (None, "dcba"),
        ({}, "dcba"),
        ({"kinds": ["OPEN", "CLICK"]}, "ba"),
        ({"kinds": "CLICK"}, "b"),
        ({"kinds": []}, ""),
        ({"kinds": None, "occurred": None}, "dcba"),
        ({"name": "a"}, "a"),
        ({"name": "A"}, ""),
        ({"urlContains": "SHOP.example/%C3"}, "b"),
        ({"urlContains": "shop_example"}, ""),
        ({"urlContains": ""}, "ba"),
        ({"textContains": "STRAẞE"}, ""),
        ({"textContains": "sTRAßE Ä"}, "d"),
        ({"textContains": "ä"}, ""),
        ({"textContains": "100%"}, "c"),
        ({"occurred": {}}, "dcba"),
        ({"occurred": {"withinLast": "PT1H"}}, "d"),
        ({"occurred": {"withinLast": "P1DT1H", "olderThan": "PT3600S"}}, "cb"),
        ({"occurred": {"olderThan": "P1W"}}, "a"),
        ({"occurred": {"withinLast": "P999999999D"}}, "dcba"),
        ({"occurred": {"olderThan": "P999999999D"}}, ""),
        ({"kinds": ["CUSTOM"], "textContains": "e", "occurred": {"withinLast": "PT23H", "olderThan": None}}, "dc"),
    ],
)
async def test_what_is_asked_for_is_found_and_nothing_else(
    served: Served, client: Client, where: dict[str, Any] | None, meant: str
) -> None:
    _, [channel, *_] = await channels_of(client, "ann@example.com", "+14155550101")
    now = acts.now()
    await record(
        served,
        client,
        happened(channel, now - timedelta(days=8), name="a", kind="OPEN", url="https://example.com/?shop.example"),
        happened(channel, now - timedelta(days=1), name="b", kind="CLICK", url="https://Shop.Example/%c3%84"),
        happened(channel, now - timedelta(hours=2), name="c", text="the 100% offer"),
        happened(channel, now - timedelta(minutes=1), name="d", text="Straße Äpfel, please"),
    )
    assert await names(client, where) == meant


async def test_a_time_that_is_named_is_neither_after_nor_before_itself(served: Served, client: Client) -> None:
    _, [channel, *_] = await channels_of(client, "ann@example.com", "+14155550101")
    at = [BEGINNING + timedelta(microseconds=n) for n in range(3)]
    await record(served, client, *(happened(channel, at[n], name=str(n)) for n in range(3)))
    middle = at[1].isoformat()
    assert await names(client, {"occurred": {"after": middle}}) == "2"
    assert await names(client, {"occurred": {"before": middle}}) == "0"


async def test_a_variable_within_a_filter_is_each_request_s_own(served: Served, client: Client) -> None:
    _, [channel, *_] = await channels_of(client, "ann@example.com", "+14155550101")
    await record(served, client, *(happened(channel, BEGINNING, name=name) for name in "ab"))
    asked = "query Named($name: String) { engagements(where: {name: $name}) { nodes { name } } }"
    for name in "ab":
        assert await client.ask(asked, name=name) == {"engagements": {"nodes": [{"name": name}]}}


@pytest.mark.parametrize(
    ("duration", "said"),
    [
        ("P1M", "Months and years differ in length: write the Duration 'P1M' in days or weeks, such as P60D."),
        ("P1Y2D", "Months and years differ in length: write the Duration 'P1Y2D' in days or weeks, such as P60D."),
        ("P" + "9" * 20 + "D", f"The Duration 'P{'9' * 20}D' is longer than anything that can be told of."),
        *(
            (wrong, "A Duration is written as PT24H, P60D or P1DT12H30M (ISO 8601: weeks, days, hours, minutes, "
             f"seconds; never negative), not {wrong!r}.")
            for wrong in ("-P1D", "P-1D", "24h", "P", "PT", "P1DT", "P1H", "pt1h", "P\u0661D", "PT1H ", "")
        ),
    ],
)  # fmt: skip
async def test_what_is_no_duration_is_refused_with_how_to_write_one(client: Client, duration: str, said: str) -> None:
    [error] = await client.errors(MEANT, where={"occurred": {"withinLast": duration}})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
    assert said in error["message"]


@pytest.mark.parametrize("backward", [False, True])
async def test_pages_miss_and_repeat_nothing_of_what_was_there_while_others_write(
    served: Served, client: Client, backward: bool
) -> None:
    profile, channels = await channels_of(client, "ann@example.com", "+14155550101")
    random = Random(7)

    def some(count: int) -> list[dict[str, Any]]:  # few times, so that many are the same
        return [
            happened(random.choice(channels), BEGINNING + timedelta(hours=random.randrange(20))) for _ in range(count)
        ]

    there = some(90)
    await record(served, client, *there)
    writing = asyncio.create_task(keep_writing(served, client, some))
    try:
        seen = await every_page(client, profile, backward=backward)
    finally:
        writing.cancel()
    ids = {f"engagement_{row['id'].hex}" for row in there}
    order = [(row["occurredAt"], row["id"]) for row in seen]
    assert order == sorted(order, reverse=not backward)
    assert len(set(order)) == len(order)
    assert ids <= {row["id"] for row in seen}


async def keep_writing(served: Served, client: Client, some: Any) -> None:
    """Records engagements, one after the other."""
    for _ in range(400):
        await record(served, client, *some(1))


async def every_page(client: Client, profile: str, *, backward: bool) -> list[dict[str, Any]]:
    """What all pages show; of pages from the end, the last first."""
    seen: list[dict[str, Any]] = []
    given: dict[str, Any] = {"last": 4} if backward else {"first": 4}
    while True:
        page = (await client.ask(PAGE, id=profile, **given))["profile"]["engagements"]
        seen += page["nodes"][::-1] if backward else page["nodes"]
        if not page["pageInfo"]["hasPreviousPage" if backward else "hasNextPage"]:
            return seen
        given |= {"before": page["pageInfo"]["startCursor"]} if backward else {"after": page["pageInfo"]["endCursor"]}


@pytest.mark.parametrize(("direction", "expected"), [("DESC", "cab"), ("ASC", "bac")])
@pytest.mark.parametrize("search", [None, "example.com"])
async def test_profiles_are_listed_by_when_the_person_last_did_something(
    served: Served, client: Client, direction: str, expected: str, search: str | None
) -> None:
    channels = {
        name: (await channels_of(client, f"{name}@example.com", f"+1415555010{n}")) for n, name in enumerate("abcde")
    }
    hours = {"a": [("OPEN", 1, 5), ("CLICK", 0, 5)], "b": [("CLICK", 0, 3), ("SEND", 0, 9)], "c": [("RESPONSE", 1, 7)]}

    async def work(writer: Writer) -> None:
        for name, acts_of in {**hours, "d": [("BOUNCE", 0, 8), ("SEND", 1, 9)]}.items():
            for kind, place, hour in acts_of:
                at = BEGINNING + timedelta(hours=hour)
                writer.insert(COUNT, channel_id=channels[name][1][place], kind=kind, count=1, first_at=at, last_at=at)

    await served.database.write(client.account.account_id, work)
    seen, after, pages = "", None, 0
    while pages < 5:
        page = (await client.ask(ORDERED, direction=direction, after=after, search=search))["profiles"]
        assert page["totalCount"] == 5
        seen += "".join(node["displayName"][0] for node in page["nodes"])
        after, pages = page["pageInfo"]["endCursor"], pages + 1
        if not page["pageInfo"]["hasNextPage"]:
            break
    never = "ed" if direction == "DESC" else "de"
    assert seen == expected + never
