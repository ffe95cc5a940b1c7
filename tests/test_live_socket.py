"""The protocol graphql-transport-ws: what is refused with which code, and nothing of it is a fault of ours."""

import asyncio
import json
from typing import Any

import pytest
from websockets import Subprotocol
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.client import ADD_EMAIL, Client, Served
from tests.following import FOLLOW, RECORD, SOON, channel, dialled, events, following, line, record

VIEWER = "{ viewer { scopes } }"


def message(type_: str, **more: Any) -> str:
    return json.dumps({"type": type_, **more})


def subscribing(**payload: Any) -> str:
    return message("subscribe", id="1", payload=payload)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("nonsense", 4400),
        ("", 4400),
        ("null", 4400),
        ("[]", 4400),
        ('"ping"', 4400),
        ("{}", 4400),
        ('{"type": 1}', 4400),
        ('{"type": {}}', 4400),
        ("[" * 5000, 4400),
        ('{"type": "ping", "payload": "\\ud800"}', 4400),
        ('{"type": "ping", "payload": "\\u0000"}', 4400),
        (message("nothing"), 4400),
        (message("x" * 1000), 4400),
        (message("connection_ack"), 4400),
        (b"\x00\xff", 4400),
        (message("connection_init"), 4429),
        (message("subscribe"), 4400),
        (message("subscribe", id=1, payload={"query": VIEWER}), 4400),
        (message("subscribe", id={}, payload={"query": VIEWER}), 4400),
        (message("subscribe", id="", payload={"query": VIEWER}), 4400),
        (message("subscribe", id="x" * 1000, payload={"query": VIEWER}), 4400),
        (message("subscribe", id="1"), 4400),
        (message("subscribe", id="1", payload=[]), 4400),
        (subscribing(), 4400),
        (subscribing(query=1), 4400),
        (subscribing(query=VIEWER, variables=[]), 4400),
        (subscribing(query=VIEWER, operationName=1), 4400),
        (message("complete"), 4400),
        (message("complete", id=[]), 4400),
        (message("ping", payload="x" * 1_100_000), 1009),
    ],
)
async def test_a_message_that_is_none_closes_with_its_code(
    client: Client, served: Served, sent: str | bytes, code: int
) -> None:
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.socket.send(sent)
        closed, reason = await told.closed()
    assert closed == code
    assert reason


async def test_an_operation_is_refused_before_the_connection_is_acknowledged(served: Served) -> None:
    async with dialled(served.url) as told, asyncio.timeout(SOON):
        await told.socket.send(subscribing(query=VIEWER))
        assert await told.closed() == (4401, "Unauthorized")


@pytest.mark.parametrize(
    "payload", [None, {}, {"Authorization": "Bearer wrong"}, {"Authorization": 1}, {"authorization": ["x"]}]
)
async def test_without_a_key_that_holds_a_connection_is_forbidden(served: Served, payload: Any) -> None:
    async with dialled(served.url) as told, asyncio.timeout(SOON):
        await told.socket.send(message("connection_init", payload=payload))
        assert await told.closed() == (4403, "Forbidden")


async def test_a_key_may_come_by_any_spelling_of_its_header_or_with_the_upgrade(client: Client, served: Served) -> None:
    bearer = f"Bearer {client.key}"
    async with asyncio.timeout(SOON), dialled(served.url) as told:
        await told.socket.send(message("connection_init", payload={"AUTHORIZATION": bearer}))
        assert await told.hear() == {"type": "connection_ack"}
    async with asyncio.timeout(SOON), dialled(served.url, additional_headers={"authorization": bearer}) as told:
        await told.socket.send(message("connection_init"))
        assert await told.hear() == {"type": "connection_ack"}


async def test_another_protocol_is_not_spoken(served: Served) -> None:
    address = served.url.replace("http", "ws", 1) + "/graphql"
    for offered in ([Subprotocol("graphql-ws")], None):
        async with connect(address, subprotocols=offered, proxy=None) as socket:
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 4406


async def test_an_id_in_use_is_refused_and_free_again_when_completed(client: Client, served: Served) -> None:
    ann = await channel(client)
    async with following(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("complete", id="1")
        await told.ask(FOLLOW)
        await record(client, ann, "once")
        assert (await told.event())["name"] == "once"
        await told.say("subscribe", id="1", payload={"query": VIEWER})
        assert await told.closed() == (4409, "Subscriber for 1 already exists")


async def test_queries_and_mutations_are_answered_as_over_http(client: Client, served: Served) -> None:
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="q", payload={"query": VIEWER})
        answer = {"data": {"viewer": {"scopes": ["ADMIN", "READ", "WRITE"]}}}
        assert await told.hear() == {"type": "next", "id": "q", "payload": answer}
        assert await told.hear() == {"type": "complete", "id": "q"}
        added = {"query": ADD_EMAIL, "variables": {"input": {"emailAddress": "ann@example.com"}}}
        await told.say("subscribe", id="q", payload=added)
        assert (await told.hear())["payload"]["data"]["addEmailContact"]["userErrors"] == []
        assert await told.hear() == {"type": "complete", "id": "q"}
    assert (await client.ask("{ profiles { totalCount } }"))["profiles"]["totalCount"] == 1


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{"}, "GRAPHQL_PARSE_FAILED"),
        ({"query": "subscription { nothing }"}, "GRAPHQL_VALIDATION_FAILED"),
        ({"query": "subscription { a: engagementRecorded { id } b: engagementRecorded { id } }"}, None),
        ({"query": "query ($x: Int!) { profiles(first: $x) { totalCount } }"}, "BAD_USER_INPUT"),
        ({"query": "subscription ($x: ID!) { engagementRecorded(profileId: $x) { id } }"}, "BAD_USER_INPUT"),
        ({"query": "subscription A { engagementRecorded { id } } query B { __typename }"}, "BAD_USER_INPUT"),
        ({"query": VIEWER, "operationName": "Missing"}, "BAD_USER_INPUT"),
        ({"query": "subscription ($x: Boolean!) { engagementRecorded @skip(if: $x) { id } }"}, None),
    ],
)
async def test_an_operation_that_cannot_be_run_is_an_error_of_its_own(
    client: Client, served: Served, payload: Any, code: str | None
) -> None:
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.socket.send(subscribing(**payload))
        answer = await told.hear()
        assert (answer["type"], answer["id"]) == ("error", "1")
        assert {error["extensions"]["code"] for error in answer["payload"]} == {code or "GRAPHQL_VALIDATION_FAILED"}
        await told.ask(FOLLOW)  # the connection goes on, and the id is free


async def test_a_fragment_and_a_key_of_its_own_make_no_difference(client: Client, served: Served) -> None:
    ann = await channel(client)
    query = "subscription { ...one } fragment one on Subscription { it: engagementRecorded { ...two } }"
    query += " fragment two on Engagement { __typename what: name }"
    async with following(served.url, client.key, query) as told, asyncio.timeout(SOON):
        await record(client, ann, "Ordered")
        assert (await told.hear())["payload"] == {"data": {"it": {"__typename": "Engagement", "what": "Ordered"}}}


async def test_a_connection_runs_so_many_operations_and_no_more(client: Client, served: Served) -> None:
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        for number in range(101):
            await told.say("subscribe", id=str(number), payload={"query": FOLLOW})
        refused = await told.hear()
    assert (refused["type"], refused["id"]) == ("error", "100")
    assert refused["payload"][0]["extensions"]["code"] == "THROTTLED"


async def test_what_is_completed_is_not_answered_and_its_id_is_free_at_once(client: Client, served: Served) -> None:
    ann = await channel(client)
    recording = {"contact": {"channelId": ann}, "kind": "CUSTOM", "name": "unheard"}
    operations: list[dict[str, Any]] = [
        {"query": RECORD, "variables": {"engagements": [recording] * 200}},
        {"query": "{ engagements(first: 250) { totalCount nodes { id } } }"},
        {"query": "subscription { engagementRecorded { id } }"},
    ]
    async with line(served.url, client.key) as told, asyncio.timeout(SOON):
        for payload in operations:
            await told.say("subscribe", id="1", payload=payload)
            await told.say("complete", id="1")
        await told.say("subscribe", id="1", payload={"query": VIEWER})
        assert (await told.hear())["payload"].keys() == {"data"}
        assert await told.hear() == {"type": "complete", "id": "1"}
        while (await client.ask("{ engagements { totalCount } }"))["engagements"]["totalCount"] < 200:
            await asyncio.sleep(0.05)
        await told.ask(FOLLOW)  # nothing was told meanwhile


@pytest.mark.parametrize("arguments", ["first: 1000", 'after: "x"', "first: -1"])
async def test_a_bad_argument_at_any_depth_is_an_error_at_once(client: Client, served: Served, arguments: str) -> None:
    query = f"subscription {{ engagementRecorded {{ profile {{ engagements({arguments}) {{ nodes {{ id }} }} }} }} }}"
    async with following(served.url, client.key) as told, asyncio.timeout(SOON):
        await told.say("subscribe", id="2", payload={"query": query})
        answer = await told.hear()
        assert (answer["type"], answer["id"]) == ("error", "2")
        assert answer["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        await told.ask(FOLLOW, "2")
    async with asyncio.timeout(SOON), events(client, query) as stream:
        _, content = await stream.next()
        assert content["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
