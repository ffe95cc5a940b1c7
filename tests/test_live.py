"""Following engagements live: who is told what, in which order, and from which process."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import monotonic

import httpx
import pytest

from app import acts
from app.accounts import operations
from app.accounts.queries import KEYS
from app.accounts.rules import Scope
from tests.browsing import serving
from tests.client import Client, Served
from tests.deciding import merge
from tests.following import SOON, channel, events, following, line, record

ALL = """
subscription { engagementRecorded {
  id kind occurredAt recordedAt name url text value properties channelKind
  channel { address } profile { displayName channels { address } engagements(first: 1) { totalCount } }
} }
"""
MATCHING = "subscription ($where: EngagementMatch) { engagementRecorded(where: $where) { name } }"
OF_PROFILE = "subscription ($who: ID) { engagementRecorded(profileId: $who) { name profile { id } } }"


async def test_an_engagement_is_told_as_soon_as_it_is_recorded(client: Client, served: Served) -> None:
    ann = await channel(client)
    async with following(served.url, client.key, ALL) as told, asyncio.timeout(SOON):
        [id] = await record(client, ann, "Ordered", properties={"size": [1, None]}, value=1.5)
        found = await told.event()
    assert found == {
        "id": id,
        "kind": "CUSTOM",
        "occurredAt": found["occurredAt"],
        "recordedAt": found["recordedAt"],
        "name": "Ordered",
        "url": None,
        "text": None,
        "value": 1.5,
        "properties": {"size": [1, None]},
        "channelKind": "EMAIL",
        "channel": {"address": "ann@example.com"},
        "profile": {
            "displayName": "ann@example.com",
            "channels": [{"address": "ann@example.com"}],
            "engagements": {"totalCount": 1},
        },
    }


async def test_another_accounts_engagements_never_arrive(client: Client, stranger: Client, served: Served) -> None:
    ann, other = await channel(client), await channel(stranger)
    async with following(served.url, client.key) as told, asyncio.timeout(SOON):
        await record(stranger, other, "theirs")
        await record(client, ann, "ours")
        assert (await told.event())["name"] == "ours"


async def test_all_who_follow_are_told_each_once_and_in_one_order(client: Client, served: Served) -> None:
    ann = await channel(client)
    queries = ["subscription { engagementRecorded { id } }", "subscription { engagementRecorded { id name } }"]
    async with AsyncExitStack() as stack, asyncio.timeout(SOON):
        lines = [await stack.enter_async_context(following(served.url, client.key, queries[n % 2])) for n in range(6)]
        stream = await stack.enter_async_context(events(client))
        names = [[f"{writer}.{n}.{each}" for each in range(5)] for writer in range(4) for n in range(5)]
        recorded = await asyncio.gather(*(record(client, ann, *some) for some in names))
        told = [[(await each.event())["id"] for _ in range(100)] for each in lines]
        streamed = [(await stream.next())[1]["data"]["engagementRecorded"]["id"] for _ in range(100)]
    assert sorted(told[0]) == sorted(id for ids in recorded for id in ids)
    assert all(each == told[0] for each in [*told, streamed])
    for ids in recorded:  # a transaction's own stand together, in the order in which they were given
        start = told[0].index(ids[0])
        assert told[0][start : start + len(ids)] == ids


async def test_one_profile_alone_is_followed_by_any_id_of_it_through_a_merge(client: Client, served: Served) -> None:
    added = [await client.add_email(f"{name}@example.com") for name in ("ann", "bea", "cat")]
    [ann, bea, cat] = [each["channels"][0]["id"] for each in added]
    [of_ann, of_bea, _] = [each["profile"]["id"] for each in added]
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.ask(OF_PROFILE, "ann", who=of_ann)
        await told.ask(OF_PROFILE, "bea", who=of_bea)
        for who in (cat, ann, bea):
            await record(client, who, "apart")
        assert (await told.event("ann"))["profile"]["id"] == of_ann
        assert (await told.event("bea"))["profile"]["id"] == of_bea
        await merge(client, of_ann, of_bea)
        await record(client, cat, "hers")
        await record(client, bea, "theirs")
        heard = [await told.hear() for _ in range(2)]
    assert {each["id"] for each in heard} == {"ann", "bea"}
    expected = {"name": "theirs", "profile": {"id": of_ann}}
    assert all(each["payload"]["data"]["engagementRecorded"] == expected for each in heard)


async def test_only_what_matches_is_told(client: Client, served: Served) -> None:
    added = (await client.add_sms("+14155552671", "ann@example.com"))["channels"]
    ids = {each["kind"]: each["id"] for each in added}
    matches: list[dict[str, object]] = [
        {"name": "b"},
        {"kinds": ["CUSTOM"], "channelKind": "SMS", "urlContains": None},
        {"occurred": {"withinLast": "PT1H"}},
        {"occurred": {"olderThan": "P1D"}},
        {"urlContains": "SHOP"},
        {"kinds": []},
        {},
    ]
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        for number, match in enumerate(matches):
            await told.ask(MATCHING, str(number), where=match)
        await told.ask('subscription { engagementRecorded(where: {name: "b", channelKind: EMAIL}) { name } }', "last")
        await record(client, ids["EMAIL"], "a", url="https://shop.example.com/")
        await record(client, ids["SMS"], "b", occurredAt="2020-01-01T00:00:00Z")
        await record(client, ids["EMAIL"], "b")
        heard = [await told.hear() for _ in range(11)]
    found = dict.fromkeys([*map(str, range(len(matches))), "last"], "")
    for each in heard:
        found[each["id"]] += each["payload"]["data"]["engagementRecorded"]["name"]
    assert list(found.values()) == ["bb", "b", "ab", "b", "a", "", "abb", "b"]


@pytest.mark.parametrize("id", ["nonsense", "profile_" + "0" * 32, "channel_" + "0" * 32])
async def test_a_profile_that_there_is_not_is_told_at_once(client: Client, served: Served, id: str) -> None:
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="1", payload={"query": OF_PROFILE, "variables": {"who": id}})
        answer = await told.hear()
    assert (answer["type"], answer["id"]) == ("error", "1")
    [error] = answer["payload"]
    assert (error["extensions"], error["path"]) == ({"code": "BAD_USER_INPUT"}, ["engagementRecorded"])
    assert "Give the id of a profile" in error["message"]


async def test_a_key_must_be_allowed_to_read_and_ends_what_it_follows_when_revoked(
    client: Client, served: Served
) -> None:
    account_id = client.account.account_id
    keys = []
    for scopes in ([Scope.WRITE], [Scope.READ]):
        make = partial(operations.create_key, name="Made", scopes=scopes, now=acts.now())
        keys.append(await served.database.write(account_id, make))
    writing, reading = keys
    async with line(served.url, writing) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="1", payload={"query": "subscription { engagementRecorded { id } }"})
        assert (await told.hear())["payload"][0]["extensions"]["code"] == "FORBIDDEN"
    async with following(served.url, reading) as told, asyncio.timeout(SOON):
        beside = Client(client.http, reading, client.account)
        await beside.ask("{ viewer { scopes } }")  # it is remembered by those who answer requests
        async with served.database.reading(account_id) as reader:
            [made] = [key for key in await reader.fetch(KEYS) if key.scopes == [Scope.READ]]
        await served.database.write(account_id, partial(operations.revoke_key, beginning=made.prefix, now=acts.now()))
        began = monotonic()
        assert await told.closed() == (4403, "Forbidden")
        assert monotonic() - began < 1.0


async def test_changed_settings_of_the_account_end_what_was_begun_under_others(client: Client, served: Served) -> None:
    async with following(served.url, client.key) as told, asyncio.timeout(SOON):
        guards = partial(operations.set_guards, max_channels_per_kind=3, placeholder_patterns=[], role_patterns=[])
        await served.database.write(client.account.account_id, guards)
        code, reason = await told.closed()
    assert (code, reason.partition(".")[0]) == (1012, "The key's rights or the account's settings changed")


async def test_what_any_process_records_all_tell_in_one_order(client: Client, served: Served, tmp_path: Path) -> None:
    if served.database.dialect == "sqlite":
        pytest.skip("SQLite serves one process")
    ann = await channel(client)
    settings = {"TANDEM_DATABASE_URL": served.database._url, "TANDEM_DEVELOPMENT": "false"}  # type: ignore[attr-defined]
    async with (
        asyncio.timeout(3 * SOON),
        serving(tmp_path, **settings) as other,
        following(other.url, client.key) as there,
        following(served.url, client.key) as here,
        httpx.AsyncClient(base_url=other.url, timeout=30) as http,
    ):
        beside = Client(http, client.key, client.account)
        names = [[f"{n}.{each}" for each in range(5)] for n in range(20)]
        work = (record((client, beside)[n % 2], ann, *some) for n, some in enumerate(names))
        recorded = await asyncio.gather(*work)
        told = [[(await line.event())["id"] for _ in range(100)] for line in (here, there)]
    assert told[0] == told[1]
    assert sorted(told[0]) == sorted(id for ids in recorded for id in ids)
