"""Imports a file of 1 GB, and measures what that does to the server's memory and to everybody else's requests."""

import asyncio
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from checking.imports import CREATE, STANDING
from checking.servers import Server, new_account
from checking.stores import STORES, Kind, Store

HEADER = b"Email,Mobile,First name,City,Notes\r\n"
NOTES = "What was said on the phone, as it was written down then. " * 70  # so that a row has about 4 KB
ROWS_A_PIECE = 100
PAUSE_SECONDS = 0.02  # between two requests of somebody else
ADD = """mutation Add($input: AddSmsContactInput!) {
  addSmsContact(input: $input) { profile { id } userErrors { message } } }"""
READ = "{ profiles(first: 20) { nodes { displayName customFields channels { address } } } }"
MOST_MEGABYTES, MOST_MILLISECONDS = 150, 500


@dataclass(slots=True)
class Measured:
    """What it came to: megabytes, seconds and milliseconds."""

    file_megabytes: int
    rows: int = 0
    memory_before: float = 0.0
    memory_most: float = 0.0
    uploading_seconds: float = 0.0
    importing_seconds: float = 0.0
    requests: int = 0
    median_milliseconds: float = 0.0
    p99_milliseconds: float = 0.0
    slowest_milliseconds: float = 0.0
    _took: list[float] = field(default_factory=list)

    def summed_up(self) -> dict[str, Any]:
        """What is printed."""
        took = sorted(self._took)
        self.requests, self.median_milliseconds = len(took), took[len(took) // 2]
        self.p99_milliseconds, self.slowest_milliseconds = took[len(took) * 99 // 100], took[-1]
        return {name: getattr(self, name) for name in self.__slots__ if not name.startswith("_")}


def main(
    database: Annotated[Kind, typer.Option(help="Which database.")] = Kind.SQLITE,
    megabytes: Annotated[int, typer.Option(min=1, help="How large the file is.")] = 1000,
) -> None:
    """Uploads and imports a file while others read and add contacts.

    Exits 1 where the server takes 150 MB more than before, or a hundredth of the requests takes longer than 500 ms.
    """
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which ends the server as well
    folder = Path(tempfile.mkdtemp(prefix="tandem-check-"))
    (folder / "database").mkdir()
    store = STORES[database](folder / "database")
    try:
        measured = asyncio.run(checked(store, folder, megabytes))
    finally:
        store.close()
        shutil.rmtree(folder)
    typer.echo(orjson.dumps(measured.summed_up(), option=orjson.OPT_INDENT_2).decode())
    if measured.memory_most - measured.memory_before > MOST_MEGABYTES or measured.p99_milliseconds > MOST_MILLISECONDS:
        raise typer.Exit(1)


async def checked(store: Store, folder: Path, megabytes: int) -> Measured:
    """The whole run."""
    measured, server = Measured(megabytes), Server(folder, store.url)
    key = await new_account(store.url)
    server.spawn()
    await server.ready()
    headers = {"authorization": f"Bearer {key}"}
    try:
        async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=600) as client:
            await warmed_up(client)
            measured.memory_before = measured.memory_most = resident(server)
            over = asyncio.Event()
            others = [
                asyncio.create_task(each) for each in (asking(client, measured, over), watching(server, measured, over))
            ]
            await imported(client, measured)
            over.set()
            await asyncio.gather(*others)
    finally:
        server.end(signal.SIGTERM)
    return measured


async def warmed_up(client: httpx.AsyncClient) -> None:
    """Lets the server have done everything once, on a small file."""
    for number in range(50):
        await ask(client, ADD, input=contact(number))
        await ask(client, READ)
    made = (await ask(client, CREATE, input={"fileName": "small.csv"}))["createImport"]
    await client.put(made["uploadUrl"], content=HEADER + row(0))
    await ended(client, made["import"]["id"])


async def imported(client: httpx.AsyncClient, measured: Measured) -> None:
    """Uploads the file, and waits until it is imported."""
    made = (await ask(client, CREATE, input={"fileName": "big.csv"}))["createImport"]
    began = time.monotonic()
    (await client.put(made["uploadUrl"], content=file(measured))).raise_for_status()
    uploaded = time.monotonic()
    found = await ended(client, made["import"]["id"])
    measured.uploading_seconds = round(uploaded - began, 1)
    measured.importing_seconds = round(time.monotonic() - uploaded, 1)
    if found["status"] != "SUCCEEDED" or int(found["created"]) != measured.rows:
        raise SystemExit(f"The import ended otherwise: {found}")


async def ended(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    """The import once it has ended."""
    while True:
        found: dict[str, Any] = (await ask(client, STANDING, id=id))["node"]
        if found["status"] not in ("QUEUED", "RUNNING"):
            return found
        await asyncio.sleep(0.2)


async def file(measured: Measured) -> AsyncIterator[bytes]:
    """The file, row by row until it is as large as it is to be."""
    yield HEADER
    size = len(HEADER)
    while size < measured.file_megabytes * 1_000_000:
        rows = b"".join(row(measured.rows + 1 + number) for number in range(ROWS_A_PIECE))
        measured.rows += ROWS_A_PIECE
        size += len(rows)
        yield rows


def row(number: int) -> bytes:
    """A contact of the file."""
    mobile = f"+1212{2_000_000 + number}"
    return f'person.{number}@example.com,{mobile},Name {number % 997},Paris,"{number}: {NOTES}"\r\n'.encode()


def contact(number: int) -> dict[str, str]:
    """A contact that somebody else adds."""
    return {"mobileNumber": f"+1415{2_000_000 + number}", "emailAddress": f"other.{number}@example.com"}


async def asking(client: httpx.AsyncClient, measured: Measured, over: asyncio.Event) -> None:
    """Adds and reads contacts, and notes how long each takes."""
    number = 1000
    while not over.is_set():
        for query, variables in ((ADD, {"input": contact(number)}), (READ, {})):
            began = time.perf_counter()
            await ask(client, query, **variables)
            measured._took.append(1000 * (time.perf_counter() - began))
            await asyncio.sleep(PAUSE_SECONDS)
        number += 1


async def watching(server: Server, measured: Measured, over: asyncio.Event) -> None:
    """Notes the most memory that the server has."""
    while not over.is_set():
        measured.memory_most = max(measured.memory_most, resident(server))
        await asyncio.sleep(0.1)


def resident(server: Server) -> float:
    """The megabytes of memory that the server's process has."""
    assert server.process
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    """The data of an answer."""
    answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    if "errors" in answer:
        raise SystemExit(str(answer["errors"]))
    return answer["data"]


if __name__ == "__main__":
    typer.run(main)
