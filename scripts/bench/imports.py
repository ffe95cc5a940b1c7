"""Measures importing a CSV file of which half the people are known, beside a bare bulk insert of the rows."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any, NamedTuple

import asyncpg
import httpx
import typer

from app import migrations
from app.db.sqlite import PRAGMAS
from bench.contacts import file
from bench.ingest import account
from bench.progress import progress
from bench.reads import Only
from bench.servers import TANDEM, Server, cpu_seconds, running
from bench.stores import STORES, SQLiteStore, Store

RESULTS = Path(__file__).parent / "results" / "imports.md"
ROWS_AT_ONCE = 20_000
#: Where the rows of contacts are, in an order in which each may refer to those before.
TABLES = ("profile", "channel", "channel_word", "field_patch", "link", "fact", "fact_channel", "import_batch")
COUNTS = "rows created updated unchanged failed"
CREATE = """mutation Create($input: CreateImportInput!) {
  createImport(input: $input) { import { id } uploadUrl userErrors { message } } }"""
STANDING = f"query Standing($id: ID!) {{ node(id: $id) {{ ... on Import {{ status {COUNTS} }} }} }}"
HEAD = """{count:,} rows with an email address, a mobile number and four more columns, half of the people known. The
server has both cores, and shares them with the database; the time is that from the end of the upload to the end of the
import. Bare is the driver's bulk insert of all final rows of the same people, with their indexes, table by table.

| Database | Rows a second | CPU, µs a row | Upload, s | Bare, contacts a second | Of bare |
| --- | ---: | ---: | ---: | ---: | ---: |
"""


class Spent(NamedTuple):
    """What an import took: seconds to upload, seconds to run, and seconds of computing in these."""

    uploading: float
    running: float
    computing: float


def main(
    count: Annotated[int, typer.Option(min=1000, help="How many rows.")] = 1_000_000,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Imports half the people, then measures importing all of them, with other values, on SQLite and PostgreSQL."""
    text = HEAD.format(count=count)
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                text += asyncio.run(measured(store, count))
            finally:
                store.stop()
    out.write_text(text)
    print(text)


async def measured(store: Store, count: int) -> str:
    """A line of the table."""
    key = await account(store)
    with running((TANDEM,), url=store.url, folder=store.folder, cores="0,1") as [server]:
        progress(f"{store.title}: importing the {count // 2:,} who are known then")
        before = await imported(store, server, key, count // 2, edition=1)
        await store.analyze()
        progress(f"{store.title}: importing all {count:,}")
        spent = await imported(store, server, key, count, edition=2)
    progress(f"{store.title}: {count // 2 / before.running:,.0f} new ones a second; the same rows, bare")
    bare = await inserted(store)
    return (
        f"| {store.title} | {count / spent.running:,.0f} | {1e6 * spent.computing / count:.0f} | {spent.uploading:.1f} "
        f"| {count / bare:,.0f} | {bare / spent.running:.2f} |\n"
    )


async def imported(store: Store, server: Server, key: str, count: int, *, edition: int) -> Spent:
    """What importing the first so many people takes; raises SystemExit where a row was not taken."""
    headers = {"authorization": f"Bearer {key}"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=600) as client:
        made = await asked(client, CREATE, input={"fileName": f"people-{edition}.csv"})
        began = perf_counter()
        sent = await client.put(made["createImport"]["uploadUrl"], content=pieces(file(0, count, edition)))
        sent.raise_for_status()
        uploaded, computed = perf_counter(), store.cpu_seconds() + cpu_seconds(server.pid)
        found = await ended(client, made["createImport"]["import"]["id"])
        seconds = perf_counter() - uploaded
        computing = store.cpu_seconds() + cpu_seconds(server.pid) - computed
    if found["status"] != "SUCCEEDED" or found["rows"] != count or found["failed"]:
        raise SystemExit(f"The import ended otherwise: {found}")
    return Spent(uploaded - began, seconds, computing)


async def pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Pieces as they are sent."""
    for piece in content:
        yield piece


async def ended(client: httpx.AsyncClient, id: str) -> dict[str, Any]:
    """The import once it has ended."""
    while True:
        found: dict[str, Any] = (await asked(client, STANDING, id=id))["node"]
        if found["status"] not in ("QUEUED", "RUNNING"):
            return found
        await asyncio.sleep(0.1)


async def asked(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    """The data of an answer."""
    answer = (await client.post("/graphql", json={"query": query, "variables": variables})).json()
    if "errors" in answer:
        raise SystemExit(answer["errors"][0]["message"])
    return answer["data"]


# ---- the same rows, bare


async def inserted(store: Store) -> float:
    """The seconds that the driver takes for the rows that there are, into a fresh database."""
    if isinstance(store, SQLiteStore):
        fresh = store.folder / "bare.db"
        await migrations.upgrade(f"sqlite:///{fresh}")
        return await asyncio.to_thread(_bare_sqlite, store.file, fresh)
    return await _bare_postgresql(store)


def _bare_sqlite(full: Path, fresh: Path) -> float:
    seconds = 0.0
    with closing(sqlite3.connect(full)) as source, closing(sqlite3.connect(fresh, isolation_level=None)) as into:
        for pragma in PRAGMAS:
            into.execute(pragma)
        into.execute("PRAGMA foreign_keys = OFF")  # a bulk insert would not look
        for name in TABLES:
            rows = source.execute(f"SELECT * FROM {name}")
            marks = ", ".join("?" * len(rows.description))
            while found := rows.fetchmany(ROWS_AT_ONCE):
                seconds += _inserted(into, f"INSERT INTO {name} VALUES ({marks})", found)
    return seconds


def _inserted(into: sqlite3.Connection, sql: str, rows: Sequence[Any]) -> float:
    began = perf_counter()
    into.execute("BEGIN IMMEDIATE")
    into.executemany(sql, rows)
    into.execute("COMMIT")
    return perf_counter() - began


async def _bare_postgresql(store: Any) -> float:
    url = (
        await store.copy()
    )  # its tables, emptied: made and filled in the same transaction they would be written faster
    source, into = await asyncpg.connect(store.url), await asyncpg.connect(url)
    try:
        await into.execute(f"TRUNCATE {', '.join(TABLES)} CASCADE")
        await into.execute("SET session_replication_role = replica")  # references are not looked at
        seconds = 0.0
        async with source.transaction():
            for name in TABLES:
                rows = await source.cursor(f"SELECT * FROM {name}")
                while found := await rows.fetch(ROWS_AT_ONCE):
                    began = perf_counter()
                    await into.copy_records_to_table(name, records=[tuple(row) for row in found])
                    seconds += perf_counter() - began
        return seconds
    finally:
        await source.close()
        await into.close()


if __name__ == "__main__":
    typer.run(main)
