"""Sending engagements as a stream, as a feed does: what is answered is read while lines are still being sent."""

import asyncio
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import orjson
from sqlalchemy import func, select

from app.db import entity, selecting
from app.tables import Channel, Engagement, EngagementCount
from tests.client import Client, Served

TIMELINES = """
{ profiles(first: 250) { nodes { channels {
  id address deliverability consent { status }
  engagements(first: 250) { nodes { kind occurredAt name url text value bounceType properties } }
} } } }
"""


_channel, _count, _engagement = entity(Channel), entity(EngagementCount), entity(Engagement)
COUNTED = selecting(
    lambda *row: row,
    select(_channel.address, _count.kind, _count.count).join(_count, _count.channel_id == _channel.id),
)
THERE = selecting(
    lambda *row: row,
    select(_channel.address, _engagement.kind, func.count())
    .join(_engagement, _engagement.channel_id == _channel.id)
    .group_by(_channel.address, _engagement.kind),
)


def event(address: str, kind: str = "CLICK", **more: Any) -> dict[str, Any]:
    """Something that happened on the channel with an address."""
    by = "emailAddress" if "@" in address else "mobileNumber"
    return {"contact": {by: address}, "kind": kind, **more}


def ndjson(*events: dict[str, Any]) -> bytes:
    """The lines."""
    return b"".join(orjson.dumps(each) + b"\n" for each in events)


async def timelines(client: Client) -> dict[str, Any]:
    """The channels of the account by their addresses, with what happened on them."""
    nodes = (await client.ask(TIMELINES))["profiles"]["nodes"]
    return {channel["address"]: channel for node in nodes for channel in node["channels"]}


async def counts(served: Served, client: Client) -> dict[str, dict[str, int]]:
    """How often what happened on each channel, by its address; what is counted is what is there."""
    found: list[dict[str, dict[str, int]]] = []
    async with served.database.reading(client.account.account_id) as reader:
        for statement in (COUNTED, THERE):
            by_address: dict[str, dict[str, int]] = {}
            for address, kind, count in await reader.fetch(statement):
                by_address.setdefault(address, {})[kind] = count
            found.append(by_address)
    assert found[0] == found[1]
    return found[0]


@dataclass
class Feed:
    """A stream that is being sent."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    status: int = 0
    _rest: bytes = field(default=b"")

    async def send(self, data: bytes) -> None:
        """Sends some bytes of the body."""
        self.writer.write(b"%x\r\n%b\r\n" % (len(data), data))
        await self.writer.drain()

    async def finish(self) -> list[Any]:
        """Ends the body; all lines of the answer that were not read yet."""
        self.writer.write(b"0\r\n\r\n")
        told = []
        while (line := await self.told()) is not None:
            told.append(line)
        self.writer.close()
        return told

    async def told(self) -> Any:
        """The next line of the answer; None at its end."""
        async with asyncio.timeout(20):
            if not self.status:
                await self._head()
            while b"\n" not in self._rest:
                chunk = await self._chunk()
                if not chunk:
                    return None
                self._rest += chunk
        line, _, self._rest = self._rest.partition(b"\n")
        return orjson.loads(line)

    async def _head(self) -> None:
        head = await self.reader.readuntil(b"\r\n\r\n")
        self.status = int(head.split(b" ")[1])
        assert b"transfer-encoding: chunked" in head.lower(), head

    async def _chunk(self) -> bytes:
        size = int(await self.reader.readuntil(b"\r\n"), 16)
        return (await self.reader.readexactly(size + 2))[:-2]

    def break_off(self) -> None:
        """Goes away in the middle."""
        self.writer.transport.abort()


async def feed(served: Served, client: Client) -> Feed:
    """A stream that is begun."""
    to = urlsplit(served.url)
    reader, writer = await asyncio.open_connection(to.hostname, to.port)
    head = f"POST /engagements HTTP/1.1\r\nHost: tests\r\nAuthorization: Bearer {client.key}\r\n"
    writer.write((head + "Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n").encode())
    return Feed(reader, writer)


async def fed(client: Client, body: bytes, type_: str = "application/x-ndjson") -> list[Any]:
    """The lines of the answer to a whole body."""
    headers = {"authorization": f"Bearer {client.key}", "content-type": type_}
    response = await client.http.post("/engagements", content=body, headers=headers)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/x-ndjson"
    return [orjson.loads(line) for line in response.text.splitlines()]
