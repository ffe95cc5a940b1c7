"""Measures how soon a recorded engagement arrives at all who follow it, from when the mutation is sent."""

import asyncio
import json
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Annotated

import httpx
import typer
from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect

from app import migrations
from app.accounts import operations as accounts
from app.accounts.rules import Scope
from app.acts import now
from app.db import open_database
from bench.progress import progress
from bench.reads import Only
from bench.servers import TANDEM, running
from bench.stores import STORES, Store

RESULTS = Path(__file__).parent / "results" / "live.md"
URL = "https://shop.example.com/engines/analytical"
PROTOCOL = Subprotocol("graphql-transport-ws")
ADD = 'mutation { addEmailContact(input: {emailAddress: "ann@example.com"}) { channels { id } } }'
RECORD = """
mutation ($engagements: [EngagementInput!]!) {
  recordEngagements(input: {engagements: $engagements}) { recorded }
}
"""
FOLLOW = "subscription { engagementRecorded { id kind name occurredAt channel { address } profile { displayName } } }"
FOLLOW_EACH = "subscription ($text: String) { engagementRecorded(where: {urlContains: $text}) { id kind name } }"


def main(
    subscribers: Annotated[int, typer.Option(min=1, help="How many follow, each over a WebSocket of its own.")] = 200,
    events: Annotated[int, typer.Option(min=2, help="How many engagements are recorded, one after the other.")] = 50,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Records engagements over HTTP while many follow them, and measures when each arrives at each."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                lines += asyncio.run(measured(store, Path(folder), subscribers, events))
            finally:
                store.stop()
    head = ["| Database | Subscriptions | Median ms | p99 ms | Most ms |", "| --- | --- | ---: | ---: | ---: |"]
    told = (
        f"{events} engagements, one after the other, to {subscribers} subscribers over a WebSocket each: from sending "
        "the mutation (so with its commit, and often before its answer) to the arrival at each. One server on one "
        "core; the subscribers share another."
    )
    text = "\n".join([told, "", *head, *lines, ""])
    out.write_text(text)
    print(text)


async def measured(store: Store, folder: Path, subscribers: int, events: int) -> list[str]:
    """A line of the table for each way to subscribe."""
    key = await _key(store)
    alike: list[dict[str, str]] = [{}] * subscribers
    apart = [{"text": URL[: 9 + number % 20]} for number in range(subscribers)]
    lines = []
    with running((TANDEM,), url=store.url, folder=folder) as [server]:
        for what, query, variables in (("all alike", FOLLOW, alike), ("of 20 kinds", FOLLOW_EACH, apart)):
            progress(f"{store.title}: {what}")
            taken = sorted(await _followed(server.url, key, query, variables, events))
            p99 = taken[int(len(taken) * 0.99)]
            lines.append(f"| {store.title} | {what} | {statistics.median(taken):.1f} | {p99:.1f} | {taken[-1]:.1f} |")
    return lines


async def _key(store: Store) -> str:
    await migrations.upgrade(store.url)
    database = await open_database(store.url, max_connections=2)
    try:
        make = partial(accounts.create, name="Measured", region="US", time_zone="UTC", now=now())
        account = await database.write(0, make)
        make_key = partial(accounts.create_key, name="Measured", scopes=[Scope.READ, Scope.WRITE], now=now())
        return await database.write(account.account_id, make_key)
    finally:
        await database.close()


async def _followed(url: str, key: str, query: str, variables: Sequence[dict[str, str]], events: int) -> list[float]:
    """How many milliseconds each event took to each subscriber."""
    headers = {"authorization": f"Bearer {key}"}
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(httpx.AsyncClient(base_url=url, headers=headers, timeout=30))
        added = (await client.post("/graphql", json={"query": ADD})).json()
        contact = {"channelId": added["data"]["addEmailContact"]["channels"][0]["id"]}
        sockets = [await stack.enter_async_context(_connected(url)) for _ in variables]
        for socket, given in zip(sockets, variables, strict=True):
            await _subscribe(socket, key, query, given)
        taken: list[float] = []
        for number in range(events + 1):
            arriving = [asyncio.create_task(_arrival(socket)) for socket in sockets]
            what = {"contact": contact, "kind": "CUSTOM", "name": str(number), "url": URL}
            sent = perf_counter()
            answer = await client.post("/graphql", json={"query": RECORD, "variables": {"engagements": [what]}})
            assert answer.json() == {"data": {"recordEngagements": {"recorded": 1}}}, answer.text
            arrived = await asyncio.gather(*arriving)
            taken += [(at - sent) * 1000 for at in arrived] if number else []  # the first one warms up
        return taken


def _connected(url: str) -> connect:
    address = url.replace("http", "ws", 1) + "/graphql"
    return connect(address, subprotocols=[PROTOCOL], proxy=None, compression=None)


async def _subscribe(socket: ClientConnection, key: str, query: str, variables: dict[str, str]) -> None:
    """Subscribes, and waits until that is in force."""
    await socket.send(json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {key}"}}))
    await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": {"query": query, "variables": variables}}))
    await socket.send('{"type": "ping"}')
    assert json.loads(await socket.recv())["type"] == "connection_ack"
    assert json.loads(await socket.recv())["type"] == "pong"


async def _arrival(socket: ClientConnection) -> float:
    """When the next event arrives."""
    told = json.loads(await socket.recv())
    assert told["type"] == "next", told
    return perf_counter()


if __name__ == "__main__":
    typer.run(main)
