"""Files for imports, as tests send them: by PUT to signed links."""

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import orjson
from sqlalchemy import Integer, select, update

from app import acts
from app.acts import Act
from app.db import changing, entity, param, selecting, table
from app.db.types import Id
from app.imports.operations import creating
from app.imports.queries.watching import ENDED
from app.imports.rules.asking import Asked, judged
from app.signing import Purpose, Token
from app.tables import Import, ImportChunk, ImportStatus, IntakeMethod
from tests.client import Client, Served
from tests.links import PUBLIC_URL, SECRET, SIGNER

FILE = b"Email,Mobile\r\nann@example.com,+14155552671\r\n"
_import, _chunk = entity(Import), entity(ImportChunk)
_ID = param("import_id", Id())
STANDING = selecting(
    lambda *row: row,
    select(_import.status, _import.bytes_total, _import.problem, _import.problem_line).where(_import.id == _ID),
)
_row = table(Import)
SET_ROWS = changing(update(_row).where(_row.c.id == _ID).values(rows=param("rows", Integer())))
CHUNKS = selecting(
    lambda number, content: (number, bytes(content)),
    select(_chunk.number, _chunk.content).where(_chunk.import_id == _ID).order_by(_chunk.number),
)


@dataclass(frozen=True)
class Awaiting:
    """An import that awaits its file, and what is known of it beside the server."""

    served: Served
    client: Client
    id: UUID

    @property
    def account_id(self) -> int:
        """Whose it is."""
        return self.client.account.account_id

    def path(self, purpose: Purpose = Purpose.IMPORT) -> str:
        """Where its link leads, on the server."""
        return SIGNER.url(purpose, Token(self.account_id, self.id)).removeprefix(PUBLIC_URL)

    async def put(self, content: Any = FILE, **headers: str) -> httpx.Response:
        """The answer to its file."""
        return await self.client.http.put(self.path(), content=content, headers=headers)

    async def standing(self) -> Any:
        """Its status, bytes, problem and the problem's line."""
        async with self.served.database.reading(self.account_id) as reader:
            [found] = await reader.fetch(STANDING, import_id=self.id)
        return found

    async def chunks(self) -> list[bytes]:
        """What is kept of its file; the chunks are numbered from 0."""
        async with self.served.database.reading(self.account_id) as reader:
            found = await reader.fetch(CHUNKS, import_id=self.id)
        assert [number for number, _ in found] == list(range(len(found)))
        return [content for _, content in found]

    async def ended(self) -> None:
        """Waits until it has ended."""
        async with asyncio.timeout(20):
            while ImportStatus((await self.standing())[0]) not in ENDED:
                await asyncio.sleep(0.02)

    async def set_rows(self, rows: int) -> None:
        """Changes how many rows were dealt with, and announces nothing."""
        await self.served.database.write(
            self.account_id, lambda writer: writer.execute(SET_ROWS, import_id=self.id, rows=rows)
        )

    async def begun(self, length: str = "Transfer-Encoding: chunked") -> "Upload":
        """An upload of which nothing was sent yet."""
        to = urlsplit(self.served.url)
        reader, writer = await asyncio.open_connection(to.hostname, to.port)
        writer.write(f"PUT {self.path()} HTTP/1.1\r\nHost: tests\r\n{length}\r\n\r\n".encode())
        return Upload(reader, writer)


@dataclass
class Upload:
    """A file that is being sent."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, content: bytes) -> None:
        """Sends some of it."""
        self.writer.write(b"%x\r\n%b\r\n" % (len(content), content))
        await self.writer.drain()

    async def answer(self, *, ended: bool = True) -> tuple[int, Any]:
        """The status and the content of the answer."""
        if ended:
            self.writer.write(b"0\r\n\r\n")
        head = (await self.reader.readuntil(b"\r\n\r\n")).lower()
        length = int(head.partition(b"content-length: ")[2].split(b"\r")[0])
        content = await self.reader.readexactly(length)
        self.writer.close()
        return int(head.split(b" ")[1]), orjson.loads(content)

    def break_off(self) -> None:
        """Goes away in the middle."""
        self.writer.transport.abort()


async def awaiting(served: Served, client: Client, name: str = "contacts.csv", **asked: Any) -> Awaiting:
    """A new import that awaits its file."""
    act = Act(acts.now(), "Tests", IntakeMethod.IMPORT, SECRET.encode())
    wanted = judged(Asked(name, **asked), region="US", time_zone="UTC", now=act.at)
    id = await served.database.write(client.account.account_id, partial(creating.create, wanted=wanted, act=act))
    return Awaiting(served, client, id)
