"""Measures reading and writing through Tandem, through hand-written endpoints, and through the usual GraphQL stack."""

import asyncio
import importlib.metadata
import itertools
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bench import comparing, filling
from bench.loading import Load, Measured, measure
from bench.progress import progress
from bench.questions import ADDING, READS, Question
from bench.reporting import Cell, Results, Setting, save, shown
from bench.servers import HAND_WRITTEN, PLAIN, ROOT, TANDEM, Server, running
from bench.stores import STORES, Known, Store, known

CONNECTIONS = (1, 24)
WARM_UP_SECONDS = 1
NUMBERS_EACH = 1_000_000  # new contacts that one measurement may add
TABLES = ["channel", "channel_word", "field_patch", "link", "profile", "fact", "fact_channel"]
HERE = Path(__file__).parent
RESULTS = HERE / "results" / "reads.md"
MIGRATIONS = ROOT / "app" / "migrations" / "versions"
FILLING = [HERE / "people.py", HERE / "filling.py"]


class Only(StrEnum):
    """One of the two databases."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


def main(
    seconds: Annotated[float, typer.Option(min=1, help="Length of each measurement.")] = 5,
    rounds: Annotated[int, typer.Option(min=1, help="How often each is repeated; the median counts.")] = 3,
    profiles: Annotated[int, typer.Option(min=100, max=100_000, help="How many; each has 20 engagements.")] = 100_000,
    only: Annotated[Only | None, typer.Option(help="One database alone.")] = None,
    keep: Annotated[
        Path | None, typer.Option(help="Keeps the filled databases here, and takes them from here.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Where the results go: PATH.md and PATH.json.")] = RESULTS,
) -> None:
    """Fills SQLite and PostgreSQL, checks that all servers answer the same, and measures how often they answer."""
    for tool, package in (("wrk", "wrk"), ("taskset", "util-linux")):
        if shutil.which(tool) is None:
            raise SystemExit(f"'{tool}' is missing; install it, on Debian: apt-get install -y {package}")
    results: Results = {}
    versions: dict[str, str] = {}
    known_database: Known | None = None
    with folder(keep, profiles) as place:
        for name in [only.value] if only else STORES:
            store = STORES[name](place)
            store.start()
            try:
                versions[store.title] = asyncio.run(store.version())
                known_database = filled(store, profiles)
                results |= Measuring(store, known_database, seconds, rounds).all()
            finally:
                store.stop()
    assert known_database is not None
    versions |= {name: importlib.metadata.version(name) for name in ("strawberry-graphql", "SQLAlchemy", "uvicorn")}
    setting = Setting(known_database.profiles, known_database.engagements, seconds, rounds, versions)
    screen = Console()
    screen.width = max(screen.width, 150)
    for line in setting.lines():
        screen.print(line, highlight=False)
    shown(results, screen)
    save(results, setting, out)


@contextmanager
def folder(keep: Path | None, profiles: int) -> Iterator[Path]:
    """Where the databases lie: for this run, or to stay, until the tables or what fills them are changed."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="tandem-bench-") as made:
            yield Path(made)
    else:
        made_by = b"".join(path.read_bytes() for path in sorted(MIGRATIONS.glob("*.py")) + FILLING)
        place = keep.absolute() / f"{profiles}-{sha256(made_by).hexdigest()[:8]}"
        place.mkdir(parents=True, exist_ok=True)
        yield place


def filled(store: Store, profiles: int) -> Known:
    """The database, filled if it was not yet."""
    path = store.folder / "known.json"
    return known(path) or asyncio.run(filling.fill(store, count=profiles, path=path))


class Measuring:
    """The measurements over one database."""

    def __init__(self, store: Store, known: Known, seconds: float, rounds: int) -> None:
        self._store, self._known, self._seconds, self._rounds = store, known, seconds, rounds
        ids = store.folder / "ids.txt"
        ids.write_text("\n".join(known.ids) + "\n")
        numbers = itertools.count(0, NUMBERS_EACH)
        self._load = Load(store.folder, ids, known.key, lambda: next(numbers))
        self._results: Results = {}

    def all(self) -> Results:
        """Reads, then writes on a copy."""
        store, key = self._store, self._known.key
        with running((TANDEM, HAND_WRITTEN, PLAIN), url=store.url, folder=store.folder) as servers:
            comparing.same_reads(servers, key, [*self._known.busiest, *self._known.ids[:50]])
            for question in READS:
                self._ask(question, servers)
        url = asyncio.run(store.copy())
        with running((TANDEM, HAND_WRITTEN), url=url, folder=store.folder) as servers:
            comparing.same_writes(servers, key)
            before = asyncio.run(store.counts(url, TABLES))
            self._ask(ADDING, servers)
            self._check(before, asyncio.run(store.counts(url, TABLES)))
        asyncio.run(filling.check_newest(url, count=200))
        asyncio.run(store.drop_copy())
        return self._results

    def _ask(self, question: Question, servers: Sequence[Server]) -> None:
        """One question, the servers in turn, round by round."""
        self._added = 0
        for server in servers:
            self._once(server, question, CONNECTIONS[-1], WARM_UP_SECONDS)
        for connections, number in itertools.product(CONNECTIONS, range(self._rounds)):
            cell = self._results.setdefault(Cell(self._store.title, question.name, connections), {})
            for server in servers:
                asked = f"{question.title}, {connections} connections, round {number + 1}"
                progress(f"{self._store.title}: {asked}, {server.name}")
                measured = self._once(server, question, connections, self._seconds)
                cell.setdefault(server.name, []).append(measured)

    def _once(self, server: Server, question: Question, connections: int, seconds: float) -> Measured:
        measured = measure(
            self._load,
            server,
            question,
            connections=connections,
            seconds=seconds,
            database_seconds=self._store.cpu_seconds,
        )
        self._added += measured.requests
        return measured

    def _check(self, before: dict[str, int], after: dict[str, int]) -> None:
        """Every answered request has written every row: four or five words besides."""
        wanted = {"channel": 2, "field_patch": 1, "link": 1, "profile": 1, "fact": 1, "fact_channel": 2}
        for name, rows in wanted.items():
            made = after[name] - before[name]
            assert made >= rows * self._added, f"{made} rows in {name} for {self._added} requests"


if __name__ == "__main__":
    typer.run(main)
