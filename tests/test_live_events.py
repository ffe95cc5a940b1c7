"""The distinct connections mode of GraphQL over server-sent events."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.client import Client
from tests.following import FOLLOW, SOON, channel, events, record

EVENTS = "text/event-stream"
GRAPHQL = "application/graphql-response+json"
VIEWER = "{ viewer { scopes } }"
#: What urql sends with every request, and with a subscription.
URQL = f"{GRAPHQL}, application/graphql+json, application/json, {EVENTS}, multipart/mixed"
URQL_FOLLOWS = f"{EVENTS}, multipart/mixed"


async def sent(client: Client, query: str, accept: str | None, **more: Any) -> httpx.Response:
    headers = {"authorization": f"Bearer {client.key}"} | ({"accept": accept} if accept else {})
    return await client.http.post("/graphql", json={"query": query, **more}, headers=headers)


@pytest.mark.parametrize("accept", [EVENTS, URQL, URQL_FOLLOWS, f"application/json, {EVENTS};q=0.1"])
async def test_a_subscription_is_a_stream_of_events(client: Client, accept: str) -> None:
    ann = await channel(client)
    async with asyncio.timeout(SOON), events(client, accept=accept) as told:
        assert told.response.status_code == 200
        assert told.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert told.response.headers["cache-control"] == "no-store"
        assert told.response.headers["x-accel-buffering"] == "no"
        for name in ("one", "two"):
            [id] = await record(client, ann, name)
            assert await told.next() == ("next", {"data": {"engagementRecorded": {"id": id, "name": name}}})


async def test_a_subscription_may_come_by_get(client: Client) -> None:
    ann = await channel(client)
    headers = {"authorization": f"Bearer {client.key}", "accept": EVENTS}
    async with (
        asyncio.timeout(SOON),
        client.http.stream("GET", "/graphql", params={"query": FOLLOW}, headers=headers) as response,
    ):
        await record(client, ann, "one")
        async for text in response.aiter_lines():
            if text.startswith("data: "):
                assert '"name":"one"' in text
                break


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", GRAPHQL, f"application/json, {EVENTS};q=0"])
async def test_without_a_stream_a_subscription_is_refused(client: Client, accept: str | None) -> None:
    response = await sent(client, FOLLOW, accept)
    assert response.status_code == 406
    [error] = response.json()["errors"]
    assert "graphql-transport-ws" in error["message"]
    assert EVENTS in error["message"]


@pytest.mark.parametrize(
    ("accept", "type_"),
    [
        (EVENTS, EVENTS),
        (f"{EVENTS}, application/json", EVENTS),
        (f"application/json;q=0.5, {EVENTS}", EVENTS),
        (URQL, GRAPHQL),
        (f"application/json, {EVENTS}", "application/json"),
        (f"{EVENTS};q=0.9, application/json", "application/json"),
    ],
)
async def test_a_query_is_answered_in_the_form_named_first(client: Client, accept: str, type_: str) -> None:
    response = await sent(client, VIEWER, accept)
    assert response.headers["content-type"] == f"{type_}; charset=utf-8"
    data = '{"data":{"viewer":{"scopes":["ADMIN","READ","WRITE"]}}}'
    assert response.text == (f"event: next\ndata: {data}\n\nevent: complete\ndata: \n\n" if type_ == EVENTS else data)


async def test_what_cannot_be_run_is_told_as_an_event(client: Client) -> None:
    for query, code in (("{", "GRAPHQL_PARSE_FAILED"), ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED")):
        async with asyncio.timeout(SOON), events(client, query) as told:
            type_, content = await told.next()
            assert (type_, content["errors"][0]["extensions"]["code"]) == ("next", code)
            assert await told.next() == ("complete", None)


async def test_without_a_key_no_stream_begins(client: Client) -> None:
    response = await client.http.post("/graphql", json={"query": FOLLOW}, headers={"accept": EVENTS})
    assert (response.status_code, response.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
