"""How tests follow what happens: over WebSocket and over server-sent events, as clients do."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from websockets import Subprotocol
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.client import Client

PROTOCOL = Subprotocol("graphql-transport-ws")
FOLLOW = "subscription { engagementRecorded { id name } }"
RECORD = """
mutation ($engagements: [EngagementInput!]!) {
  recordEngagements(input: {engagements: $engagements}) { engagements { id } userErrors { message } }
}
"""
SOON = 10.0


async def record(client: Client, channel_id: str, *names: str, **more: Any) -> list[str]:
    """Records custom events with these names, in one call; their ids."""
    what = [{"contact": {"channelId": channel_id}, "kind": "CUSTOM", "name": name, **more} for name in names]
    recorded = (await client.ask(RECORD, engagements=what))["recordEngagements"]
    assert recorded["userErrors"] == []
    return [engagement["id"] for engagement in recorded["engagements"]]


async def channel(client: Client, email: str = "ann@example.com") -> str:
    """The id of the channel of a new contact."""
    return str((await client.add_email(email))["channels"][0]["id"])


@dataclass(frozen=True, slots=True)
class Line:
    """A WebSocket connection that speaks graphql-transport-ws."""

    socket: ClientConnection

    async def say(self, type_: str, **more: Any) -> None:
        """Sends a message."""
        await self.socket.send(json.dumps({"type": type_, **more}))

    async def hear(self) -> Any:
        """The next message."""
        return json.loads(await self.socket.recv())

    async def ask(self, query: str, id: str = "1", **variables: Any) -> None:
        """Begins an operation, and waits until it is in force."""
        await self.say("subscribe", id=id, payload={"query": query, "variables": variables})
        await self.say("ping")
        told = await self.hear()
        assert told == {"type": "pong"}, told

    async def event(self, id: str = "1") -> Any:
        """The engagement of the next message."""
        told = await self.hear()
        assert (told["type"], told["id"]) == ("next", id), told
        assert told["payload"].keys() == {"data"}, told
        return told["payload"]["data"]["engagementRecorded"]

    async def closed(self) -> tuple[int, str]:
        """The code and the reason with which the server closes the connection, whatever it says before."""
        with suppress(ConnectionClosed):
            while True:
                await self.socket.recv()
        assert self.socket.close_code is not None
        return self.socket.close_code, self.socket.close_reason or ""


@asynccontextmanager
async def dialled(url: str, **more: Any) -> AsyncIterator[Line]:
    """A connection over which nothing was said yet."""
    address = url.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=[PROTOCOL], proxy=None, **more) as socket:
        yield Line(socket)


@asynccontextmanager
async def line(url: str, key: str, **more: Any) -> AsyncIterator[Line]:
    """A connection that the server acknowledged."""
    async with dialled(url, **more) as dialed:
        await dialed.say("connection_init", payload={"Authorization": f"Bearer {key}"})
        assert await dialed.hear() == {"type": "connection_ack"}
        yield dialed


@asynccontextmanager
async def following(url: str, key: str, query: str = FOLLOW, **variables: Any) -> AsyncIterator[Line]:
    """A connection with one subscription that is in force."""
    async with line(url, key) as opened:
        await opened.ask(query, **variables)
        yield opened


@dataclass(frozen=True, slots=True)
class Events:
    """The events of a response."""

    response: httpx.Response
    lines: AsyncIterator[str]

    async def next(self) -> tuple[str, Any]:
        """The type and the data of the next event; comments are passed over."""
        found: dict[str, str] = {}
        async for text in self.lines:
            name, _, value = text.partition(":")
            if name:
                found[name] = value.removeprefix(" ")
            elif text == "" and found:
                return found["event"], json.loads(found["data"] or "null")
        return "end", None


@asynccontextmanager
async def events(client: Client, query: str = FOLLOW, accept: str = "text/event-stream") -> AsyncIterator[Events]:
    """A response of server-sent events."""
    headers = {"authorization": f"Bearer {client.key}", "accept": accept}
    async with client.http.stream("POST", "/graphql", json={"query": query}, headers=headers) as response:
        yield Events(response, response.aiter_lines())
