"""Measures a page of 20 of a contact with few engagements, and of one with many."""

import asyncio
import sqlite3
import statistics
import tempfile
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from time import perf_counter
from typing import Annotated

import asyncpg
import orjson
import typer

from bench.events import COLUMNS, KINDS, Event, events, fill, id_of, rows
from bench.ingest import INSERT, account
from bench.progress import progress
from bench.reads import Only
from bench.servers import TANDEM, Server, running
from bench.stores import STORES, SQLiteStore, Store

RESULTS = Path(__file__).parent / "results" / "timeline.md"
CONTACTS = 1_000
FEW, MANY = 1, 3  # contacts with an email address
CURSOR = ", $cursor: String"
PAGES = {
    "the newest 20": ("", "first: 20"),
    "the oldest 20": ("", "last: 20"),
    "20 after one in the middle": (CURSOR, "first: 20, after: $cursor"),
    "20 before one in the middle": (CURSOR, "last: 20, before: $cursor"),
    "the newest 20 clicks": ("", "first: 20, where: {kinds: [CLICK]}"),
}
DOCUMENT = """query Timeline($id: ID!%s) { profile(by: {id: $id}) { engagements(%s) {
  nodes { id kind occurredAt url channel { address } } pageInfo { hasNextPage hasPreviousPage endCursor } } } }"""
MIDDLE = """query Middle($id: ID!) { profile(by: {id: $id}) { engagements(first: 50) { pageInfo { endCursor } } } }"""


def main(
    few: Annotated[int, typer.Option(min=60, help="Engagements of one contact.")] = 100,
    many: Annotated[int, typer.Option(min=60, help="Engagements of the other.")] = 100_000,
    times: Annotated[int, typer.Option(min=10, help="How often each page is asked for; the median counts.")] = 300,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    out: Annotated[Path, typer.Option(help="Where the results go.")] = RESULTS,
) -> None:
    """Fills SQLite and PostgreSQL with a short timeline, a long one and others', and asks for their pages in turn."""
    lines = []
    with tempfile.TemporaryDirectory(prefix="tandem-bench-") as folder:
        for name in [only.value] if only else STORES:
            store = STORES[name](Path(folder))
            store.start()
            try:
                progress(f"Filling {store.title}")
                key = asyncio.run(filled(store, few, many))
                with running((TANDEM,), url=store.url, folder=store.folder) as [server]:
                    lines += measured(store, server, key, times)
            finally:
                store.stop()
    head = f"Medians of {times} requests each, in turn, one after the other over one connection, in milliseconds.\n\n"
    head += f"| Database | Page | Of {few:,} engagements | Of {many:,} | Ratio |\n| --- | --- | ---: | ---: | ---: |\n"
    out.write_text(head + "\n".join(lines) + "\n")
    print(out.read_text())


async def filled(store: Store, few: int, many: int) -> str:
    """Makes the contacts and what happened to them; the account's key."""
    key = await account(store)
    await fill(store, CONTACTS)
    others = events(few + 2 * many, CONTACTS)
    made = [
        event._replace(contact=contact_of(number, few, many), kind=KINDS[number % 4])
        for number, event in enumerate(others)
    ]
    await insert(store, made)
    await store.analyze()
    return key


def contact_of(number: int, few: int, many: int) -> int:
    """Whom the event with a number happens to: the two that are measured, then everybody else."""
    if number < few:
        return FEW
    return MANY if number < few + many else 4 + number % (CONTACTS - 4)


async def insert(store: Store, made: list[Event]) -> None:
    """Inserts the rows, without their counts, which no page reads."""
    prepared = list(rows(made, store.name))
    if isinstance(store, SQLiteStore):
        with closing(sqlite3.connect(store.file)) as lite, lite:
            lite.executemany(INSERT, prepared)
        return
    connection = await asyncpg.connect(store.url)
    try:
        await connection.copy_records_to_table("engagement", records=prepared, columns=COLUMNS)
    finally:
        await connection.close()


def measured(store: Store, server: Server, key: str, times: int) -> list[str]:
    """A line of the table for each page."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:
        asking = Asking(connection, key)
        ids = [f"profile_{id_of(contact).hex()}" for contact in (FEW, MANY)]
        cursors = [asking.cursor(id) for id in ids]
        lines = []
        for name, arguments in PAGES.items():
            progress(f"{store.title}: {name}")
            spent: list[list[float]] = [[], []]
            for _ in range(times + 10):
                for place, id in enumerate(ids):
                    spent[place].append(asking.seconds(DOCUMENT % arguments, id, cursors[place]))
            short, long = (1000 * statistics.median(each[10:]) for each in spent)  # the first ones warm up
            lines.append(f"| {store.title} | {name} | {short:.2f} | {long:.2f} | {long / short:.2f} |")
        return lines


class Asking:
    """Asks over one connection."""

    def __init__(self, connection: HTTPConnection, key: str) -> None:
        self._connection = connection
        self._headers = {"authorization": f"Bearer {key}", "content-type": "application/json"}

    def cursor(self, id: str) -> str:
        """The cursor of the 50th engagement of a profile."""
        answer = orjson.loads(self._answer(orjson.dumps({"query": MIDDLE, "variables": {"id": id}})))
        return str(answer["data"]["profile"]["engagements"]["pageInfo"]["endCursor"])

    def seconds(self, document: str, id: str, cursor: str) -> float:
        """How long the answer to a page takes, which must have 20 items, or all that are left."""
        content = orjson.dumps({"query": document, "variables": {"id": id, "cursor": cursor}})
        began = perf_counter()
        answer = self._answer(content)
        seconds = perf_counter() - began
        nodes = orjson.loads(answer)["data"]["profile"]["engagements"]["nodes"]
        if len(nodes) != 20:
            raise SystemExit(f"A page had {len(nodes)} items.")
        return seconds

    def _answer(self, content: bytes) -> bytes:
        self._connection.request("POST", "/graphql", content, self._headers)
        return self._connection.getresponse().read()


if __name__ == "__main__":
    typer.run(main)
