"""Imports a file while the server is killed again and again, and compares what is left with an undisturbed run."""

import asyncio
import json
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx
import orjson
import typer

from app.accounts.queries import TENANTS
from app.consent.queries import check as consent
from app.db import Database, open_database
from app.identity.queries import check as identity
from app.ids import uuid_of
from checking.contacts import rows
from checking.kept import kept
from checking.servers import Server, new_account
from checking.stores import STORES, Kind, Store

ACCOUNT = "query { viewer { account { id } } }"
CREATE = """mutation Create($input: CreateImportInput!) {
  createImport(input: $input) { import { id } uploadUrl userErrors { message } } }"""
COUNTS = "rows created linked merged updated unchanged skipped proposed failed consentRefused"
STANDING = f"query Standing($id: ID!) {{ node(id: $id) {{ ... on Import {{ status {COUNTS} }} }} }}"
UNDO = "mutation Undo($input: UndoImportInput!) { undoImport(input: $input) { userErrors { message } } }"
ENDED = ("SUCCEEDED", "FAILED", "CANCELLED", "UNDONE")


@dataclass(slots=True)
class Report:
    """What came of a run."""

    rows: int
    kills: int = 0
    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    differences: dict[str, int] = field(default_factory=dict)


def main(
    database: Annotated[Kind, typer.Option(help="Which database.")] = Kind.SQLITE,
    count: Annotated[int, typer.Option("--rows", min=1, help="How many rows the file has.")] = 200_000,
    kills: Annotated[int, typer.Option(min=0, help="How often the server is killed -9, and started again.")] = 10,
    undo: Annotated[bool, typer.Option(help="Also take the import back, killed as often, and compare again.")] = True,
    seed: Annotated[int, typer.Option(help="What is drawn.")] = 6,
) -> None:
    """Imports a file into one account undisturbed, into another with kills, and compares all that is stored.

    Exits 1 where the two differ, or where something is left once both are undone.
    """
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))  # which ends the server as well
    folder = Path(tempfile.mkdtemp(prefix="tandem-check-"))
    (folder / "database").mkdir()
    store = STORES[database](folder / "database")
    try:
        report = asyncio.run(checked(store, folder, count=count, kills=kills, undo=undo, seed=seed))
    finally:
        store.close()
        shutil.rmtree(folder / "database")
    typer.echo(orjson.dumps(report, option=orjson.OPT_INDENT_2).decode())
    if report.differences:
        typer.echo(f"The logs are in {folder}", err=True)
        raise typer.Exit(1)
    shutil.rmtree(folder)


async def checked(store: Store, folder: Path, *, count: int, kills: int, undo: bool, seed: int) -> Report:
    """The whole run."""
    report, server = Report(count), Server(folder, store.url)
    keys = {name: await new_account(store.url) for name in ("undisturbed", "disturbed")}
    server.spawn()
    await server.ready()
    try:
        works = {name: Work(server, key, report, random.Random(seed)) for name, key in keys.items()}
        for work in works.values():
            await work.begin(rows(seed + 1, count // 4), "before.csv")
            await work.ended()
        for name, work in works.items():
            began = time.monotonic()
            await work.begin(rows(seed, count), "contacts.csv")
            await work.ended(kills=0 if name == "undisturbed" else kills)
            report.seconds[f"{name} import"] = round(time.monotonic() - began, 1)
        report.counts = {
            name: int(n) for name, n in (await works["disturbed"].standing()).items() if name in COUNTS.split()
        }
        await compare(store, folder, works, report, "import")
        for name, work in works.items() if undo else ():
            began = time.monotonic()
            await work.undo()
            await work.ended(kills=0 if name == "undisturbed" else kills)
            report.seconds[f"{name} undo"] = round(time.monotonic() - began, 1)
        await compare(store, folder, works, report, "undo")
    finally:
        server.end(signal.SIGTERM)
    return report


async def compare(store: Store, folder: Path, works: dict[str, "Work"], report: Report, after: str) -> None:
    """Notes how much differs between the two accounts, table by table."""
    one, other = [await stored(store, work) for work in works.values()]
    standing = [await work.standing() for work in works.values()]
    if standing[0] != standing[1]:
        report.differences[f"{after}: report"] = 1
    for work in works.values():
        if wrong := await proved(store, folder, work):
            report.differences[f"{after}: stored otherwise than it must be"] = wrong
    for name in one:
        if differing := (one[name] - other[name]) + (other[name] - one[name]):
            report.differences[f"{after}: {name}"] = differing.total()


async def proved(store: Store, folder: Path, work: "Work") -> int:
    """How much is stored otherwise than channels, links, ledgers and engagements make it."""
    secret = (folder / "data" / "secret").read_text().strip().encode()
    database = await open_database(store.url, max_connections=2)
    try:
        async with database.reading(await work.account_id(database)) as reader:
            return len(await identity.differences(reader)) + len(await consent.differences(reader, secret=secret))
    finally:
        await database.close()


async def stored(store: Store, work: "Work") -> dict[str, Counter[str]]:
    """What an account holds, without ids and times of its own."""
    database = await open_database(store.url, max_connections=2)
    try:
        async with database.reading(await work.account_id(database)) as reader:
            return await kept(reader)
    finally:
        await database.close()


@dataclass(slots=True)
class Work:
    """What is done in one of the accounts."""

    server: Server
    key: str
    report: Report
    drawn: random.Random
    import_id: str = ""

    async def begin(self, content: Iterable[str], name: str) -> None:
        """Uploads a file."""

        async def pieces() -> AsyncIterator[bytes]:
            for row in content:
                yield row.encode()

        made = (await self._ask(CREATE, input={"fileName": name}))["createImport"]
        self.import_id = made["import"]["id"]
        async with httpx.AsyncClient(timeout=60) as client:
            (await client.put(made["uploadUrl"], content=pieces())).raise_for_status()

    async def undo(self) -> None:
        """Takes the import back."""
        errors = (await self._ask(UNDO, input={"id": self.import_id}))["undoImport"]["userErrors"]
        if errors:
            raise SystemExit(json.dumps(errors))

    async def ended(self, *, kills: int = 0) -> None:
        """Waits until the import has ended, and kills the server now and then meanwhile."""
        while (found := await self.standing())["status"] not in ENDED:
            if kills:
                await asyncio.sleep(self.drawn.uniform(0.2, 1.2))
                self.server.end(signal.SIGKILL)
                self.server.spawn()
                await self.server.ready()
                self.report.kills += 1
                kills -= 1
            await asyncio.sleep(0.2)
        if found["status"] in ("FAILED", "CANCELLED"):
            raise SystemExit(json.dumps(found))

    async def standing(self) -> dict[str, Any]:
        """The import as it is."""
        found: dict[str, Any] = (await self._ask(STANDING, id=self.import_id))["node"]
        return found

    async def account_id(self, database: Database) -> int:
        """The account's number within the database."""
        id = uuid_of((await self._ask(ACCOUNT))["viewer"]["account"]["id"], "Account")
        async with database.reading(0) as reader:
            tenants = await reader.fetch(TENANTS)
        return next(each.account_id for each in tenants if each.id == id)

    async def _ask(self, query: str, **variables: Any) -> Any:
        headers = {"authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(base_url=self.server.address, headers=headers, timeout=30) as client:
            answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
        if "errors" in answer:
            raise SystemExit(json.dumps(answer["errors"]))
        return answer["data"]


if __name__ == "__main__":
    typer.run(main)
