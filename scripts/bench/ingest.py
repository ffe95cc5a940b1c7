"""Measures recording engagements, by GraphQL and as a feed, beside a bare bulk insert of the same rows."""

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Annotated, Any, NamedTuple

import asyncpg
import httpx
import orjson
import typer

from app import migrations
from app.accounts import operations as accounts
from app.accounts.rules import Scope
from app.acts import now
from app.db import open_database
from app.db.sqlite import PRAGMAS
from bench.events import COLUMNS, Event, events, fill, reported, rows
from bench.progress import progress
from bench.reads import Only
from bench.servers import TANDEM, Server, cpu_seconds, running
from bench.stores import STORES, SQLiteStore, Store

RESULTS = Path(__file__).parent / "results" / "ingest.md"
BATCH = 500
CLIENTS = 4
RECORD = """mutation Record($input: RecordEngagementsInput!) {
  recordEngagements(input: $input) { recorded duplicates userErrors { message } } }"""
INSERT = f"INSERT INTO engagement ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
HEAD = """{count:,} events of {contacts:,} contacts, in {order} of time; {clients} clients, batches of {batch}, medians
of {rounds} rounds. The server has both cores, and shares them with its clients and the database; the CPU time is the
server's and the database's.

| Database | Way | Events a second | CPU, µs an event | Of bare, one transaction | Of bare, same batches |
| --- | --- | ---: | ---: | ---: | ---: |
"""


def main(
    count: Annotated[int, typer.Option(min=5000, help="How many events.")] = 200_000,
    contacts: Annotated[int, typer.Option(min=100, help="How many contacts they happen to.")] = 50_000,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is repeated; the median counts.")] = 3,
    in_order: Annotated[bool, typer.Option("--in-order", help="In the order of time, as live feeds are.")] = False,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Fills SQLite and PostgreSQL with contacts, and records events in every way, each on a fresh copy."""
    order = "the order" if in_order else "no order"
    text = HEAD.format(count=count, contacts=contacts, clients=CLIENTS, batch=BATCH, rounds=rounds, order=order)
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                text += asyncio.run(measured(store, events(count, contacts, in_order=in_order), contacts, rounds))
            finally:
                store.stop()
    out.write_text(text)
    print(text)


class Spent(NamedTuple):
    """What recording all events took: seconds, and seconds of computing."""

    seconds: float
    computing: float


Way = Callable[[Store, Sequence[Event]], Awaitable[Spent]]


async def measured(store: Store, found: Sequence[Event], contacts: int, rounds: int) -> str:
    """A line of the table for each way of recording; the ways take turns."""
    progress(f"Filling {store.title} with {contacts:,} contacts")
    key = await account(store)
    await fill(store, contacts)
    ways: dict[str, Way] = {
        "bare, one transaction": partial(bare, size=len(found)),
        "bare, same batches": partial(bare, size=BATCH),
        "recordEngagements": partial(served, send=by_graphql, key=key),
        "POST /engagements": partial(served, send=as_feed, key=key),
    }
    spent: dict[str, list[Spent]] = {name: [] for name in ways}
    for number in range(rounds):
        for name, way in ways.items():
            progress(f"{store.title}, round {number + 1}: {name}")
            spent[name].append(await way(store, found))
    medians = {name: sorted(each)[len(each) // 2] for name, each in spent.items()}
    one, same, *_ = (median.seconds for median in medians.values())
    return "".join(
        f"| {store.title} | {name} | {len(found) / median.seconds:,.0f} | {1e6 * median.computing / len(found):.0f} "
        f"| {one / median.seconds:.2f} | {same / median.seconds:.2f} |\n"
        for name, median in medians.items()
    )


async def account(store: Store) -> str:
    """Migrates the database and makes an account; its key."""
    await migrations.upgrade(store.url)
    database = await open_database(store.url, max_connections=2)
    try:
        make = partial(accounts.create, name="Measured", region="US", time_zone="UTC", now=now())
        made = await database.write(0, make)
        make_key = partial(accounts.create_key, name="Measuring", scopes=list(Scope), now=now())
        return str(await database.write(made.account_id, make_key))
    finally:
        await database.close()


async def bare(store: Store, found: Sequence[Event], *, size: int) -> Spent:
    """What the driver takes for the rows alone, so many in a transaction."""
    url, prepared = await store.copy(), list(rows(found, store.name))
    parts = [prepared[start : start + size] for start in range(0, len(prepared), size)]
    computed = store.cpu_seconds() + process_time()
    seconds = await (_bare_sqlite if isinstance(store, SQLiteStore) else _bare_postgresql)(url, parts)
    return Spent(seconds, store.cpu_seconds() + process_time() - computed)


async def _bare_sqlite(url: str, parts: Sequence[Sequence[Any]]) -> float:
    def insert() -> float:
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            for pragma in PRAGMAS:
                connection.execute(pragma)
            began = perf_counter()
            for part in parts:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(INSERT, part)
                connection.execute("COMMIT")
            return perf_counter() - began

    return await asyncio.to_thread(insert)


async def _bare_postgresql(url: str, parts: Sequence[Sequence[Any]]) -> float:
    connection = await asyncpg.connect(url)
    try:
        began = perf_counter()
        for part in parts:
            await connection.copy_records_to_table("engagement", records=part, columns=COLUMNS)
        return perf_counter() - began
    finally:
        await connection.close()


Send = Callable[[Server, str, Sequence[bytes]], Awaitable[int]]


async def served(store: Store, found: Sequence[Event], *, send: Send, key: str) -> Spent:
    """What a server takes, with several clients at once."""
    url = await store.copy()
    told = [orjson.dumps(reported(event, number)) for number, event in enumerate(found)]
    with running((TANDEM,), url=url, folder=store.folder, cores="0,1") as [server]:
        await send(server, key, told[:1])  # so that nothing is prepared while it is measured
        began, computed = perf_counter(), store.cpu_seconds() + cpu_seconds(server.pid)
        recorded = await asyncio.gather(*(send(server, key, told[1 + n :: CLIENTS]) for n in range(CLIENTS)))
        seconds = perf_counter() - began
        computing = store.cpu_seconds() + cpu_seconds(server.pid) - computed
    if sum(recorded) != len(found) - 1:
        raise SystemExit(f"Of {len(found) - 1} events {sum(recorded)} were recorded.")
    return Spent(seconds, computing)


async def by_graphql(server: Server, key: str, told: Sequence[bytes]) -> int:
    """How many were recorded of what one client sends, a batch after the other."""
    recorded = 0
    headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=60) as client:
        for start in range(0, len(told), BATCH):
            items = b",".join(told[start : start + BATCH])
            body = b'{"query":%s,"variables":{"input":{"engagements":[%s]}}}' % (orjson.dumps(RECORD), items)
            answer = (await client.post("/graphql", content=body)).json()
            recorded += answer["data"]["recordEngagements"]["recorded"]
    return recorded


async def as_feed(server: Server, key: str, told: Sequence[bytes]) -> int:
    """How many were recorded of what one client sends as one stream."""

    async def lines() -> AsyncIterator[bytes]:
        for start in range(0, len(told), BATCH):
            yield b"\n".join(told[start : start + BATCH]) + b"\n"

    headers = {"authorization": f"Bearer {key}", "content-type": "application/x-ndjson"}
    async with httpx.AsyncClient(base_url=server.url, headers=headers, timeout=600) as client:
        answer = await client.post("/engagements", content=lines())
        return sum(orjson.loads(line).get("recorded", 0) for line in answer.text.splitlines()[:-1])


if __name__ == "__main__":
    typer.run(main)
