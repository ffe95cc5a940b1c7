"""How subscriptions end: slow readers, lost lines to the database, a server that stops. None of it is silent."""

import asyncio
import json
import os
from contextlib import AsyncExitStack
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import httpx
import pytest

from app.live.groups import DRAINED_SECONDS
from tests.browsing import Served as Process
from tests.browsing import serving
from tests.client import Client, Served
from tests.following import FOLLOW, RECORD, SOON, Events, channel, dialled, following, line, record

LONG = bool(os.environ.get("TANDEM_LONG"))
LONG_TEXT = "x" * 15_000
LARGE = "subscription { engagementRecorded { a: properties b: properties c: properties d: properties } }"
#: The line last said that it listens, or asked whether the database is there; no request says either.
CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query ILIKE 'listen %' OR query = 'SELECT 1'"


async def test_a_slow_reader_is_dropped_and_the_others_go_on(client: Client, served: Served) -> None:
    ann = await channel(client)
    async with (
        asyncio.timeout(3 * SOON),
        following(served.url, client.key) as quick,
        line(served.url, client.key, max_queue=1, compression=None) as slow,
    ):
        await slow.ask(LARGE)
        names = [f"{number}" for number in range(400)]
        for start in (0, 200):
            await record(client, ann, *names[start : start + 200], properties={"long": LONG_TEXT})
        assert [(await quick.event())["name"] for _ in names] == names
        await asyncio.sleep(DRAINED_SECONDS)
        code, reason = await slow.closed()
        assert (code, reason.partition(".")[0]) == (1013, "Too slow a reader")
        await record(client, ann, "after")
        assert (await quick.event())["name"] == "after"


async def test_a_lost_line_to_the_database_ends_subscriptions_and_new_ones_are_taken(
    client: Client, served: Served
) -> None:
    if served.database.dialect == "sqlite":
        pytest.skip("there is no line to SQLite")
    ann = await channel(client)
    async with asyncio.timeout(SOON), following(served.url, client.key) as told:
        connection = await asyncpg.connect(served.database._url)  # type: ignore[attr-defined]
        cut = await connection.fetch(CUT)
        await connection.close()
        assert len(cut) == 1
        code, reason = await told.closed()
        assert (code, reason.partition(".")[0]) == (1012, "The line to the database was lost")
    async with asyncio.timeout(SOON), following(served.url, client.key) as told:
        await record(client, ann, "again")
        assert (await told.event())["name"] == "again"


async def test_a_server_that_stops_says_so_at_once_and_ends_well(tmp_path: Path) -> None:
    async with asyncio.timeout(3 * SOON), AsyncExitStack() as stack:
        http = await stack.enter_async_context(httpx.AsyncClient(timeout=30))
        async with serving(tmp_path) as process:
            told = await stack.enter_async_context(following(process.url, process.key))
            greeting = await stack.enter_async_context(dialled(process.url))
            headers = {"authorization": f"Bearer {process.key}", "accept": "text/event-stream"}
            streaming = http.stream("POST", f"{process.url}/graphql", json={"query": FOLLOW}, headers=headers)
            response = await stack.enter_async_context(streaming)
            began = monotonic()
        assert monotonic() - began < 5
        assert [(await each.closed())[0] for each in (told, greeting)] == [1001, 1001]
        events = Events(response, response.aiter_lines())
        type_, last = await events.next()
        assert (type_, last["errors"][0]["extensions"]["code"]) == ("next", "OVERLOADED")
        assert await events.next() == ("complete", None)


@pytest.mark.skipif(not LONG, reason="it takes as long as a client may take nothing")
async def test_a_client_that_takes_nothing_is_cut_off(tmp_path: Path) -> None:
    async with asyncio.timeout(6 * SOON), AsyncExitStack() as stack:
        process = await stack.enter_async_context(serving(tmp_path))
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=process.url, timeout=30))
        headers = {"authorization": f"Bearer {process.key}"}
        follow = {"query": "subscription { engagementRecorded { a: properties b: properties c: properties } }"}
        request = http.build_request(
            "POST", "/graphql", json=follow, headers={**headers, "accept": "text/event-stream"}
        )
        response = await http.send(request, stream=True)
        add = 'mutation { addEmailContact(input: {emailAddress: "zoe@example.com"}) { profile { id } } }'
        await http.post("/graphql", json={"query": add}, headers=headers)
        what = {"contact": {"emailAddress": "zoe@example.com"}, "kind": "CUSTOM", "properties": {"long": LONG_TEXT}}
        for _ in range(5):
            variables = {"engagements": [what | {"name": "more"}] * 100}
            answer = await http.post("/graphql", json={"query": RECORD, "variables": variables}, headers=headers)
            assert answer.json()["data"]["recordEngagements"]["userErrors"] == []
        await asyncio.sleep(15)
        with pytest.raises(httpx.TransportError):
            await response.aread()


async def test_whatever_is_sent_the_log_has_a_line_and_no_traceback(tmp_path: Path) -> None:
    async with serving(tmp_path) as process, asyncio.timeout(SOON):
        for sent in ("nonsense", b"\x00", '{"type": "subscribe", "id": {}}', '{"type": []}'):
            await _closed(process, sent)
        async with line(process.url, process.key) as told:
            await told.socket.send(b"\xff\xfe", text=True)
            assert (await told.closed())[0] == 1007
        async with line(process.url, process.key) as told:
            told.socket.transport.abort()
        async with line(process.url, process.key):
            pass
    log = (tmp_path / "log").read_text()
    assert "Traceback" not in log
    noted: list[dict[str, Any]] = [json.loads(text) for text in log.splitlines() if text.startswith("{")]
    connections = [each for each in noted if each["event"] == "connection"]
    assert sorted(each["status"] for each in connections) == [1000, 1005, 1007, 4400, 4400, 4400, 4400]
    assert {each["route"] for each in connections} == {"/graphql"}
    assert process.key not in log.replace(f"Demo API key  {process.key}", "")


async def _closed(process: Process, sent: str | bytes) -> None:
    async with line(process.url, process.key) as told:
        await told.socket.send(sent)
        assert (await told.closed())[0] == 4400
