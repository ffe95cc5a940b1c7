"""The results: as a table on the screen, as Markdown and as JSON."""

import os
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from bench.loading import Measured
from bench.questions import ADDING, READS
from bench.servers import HAND_WRITTEN, PLAIN, TANDEM

TITLES = {question.name: question.title for question in (*READS, ADDING)}
HEADS = (
    "Database", "Question", "Connections", "Tandem", "Hand-written", "Plain Strawberry",
    "Tandem / hand-written", "Tandem / plain Strawberry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """Which measurement: of what, on which database, with how many connections."""

    database: str
    question: str
    connections: int


Results = dict[Cell, dict[str, list[Measured]]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what circumstances it was measured."""

    profiles: int
    engagements: int
    seconds: float
    rounds: int
    versions: dict[str, str]

    def lines(self) -> Iterator[str]:
        """The circumstances, a sentence each."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        machine = f"{os.cpu_count()} cores ({processor()})"
        yield f"{datetime.now(UTC):%Y-%m-%d}; {machine}; Python {platform.python_version()}, {versions}."
        yield (
            f"{self.profiles:,} profiles, {self.engagements:,} engagements. Requests per second, median of "
            f"{self.rounds} rounds of {self.seconds:g} s in turn; each server one process on one core, wrk on another."
        )
        if "PostgreSQL" in self.versions:
            yield "The processes of PostgreSQL are not pinned: they take their time from both cores."


def processor() -> str:
    """What the processor calls itself."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def typical(measured: Mapping[str, list[Measured]], server: str, value: str = "rate") -> float | None:
    """The median of the rounds."""
    rounds = measured.get(server)
    return median(getattr(each, value) for each in rounds) if rounds else None


def ratio(measured: Mapping[str, list[Measured]], server: str, value: str = "rate") -> float | None:
    """How much more often Tandem answers than that server."""
    own, other = typical(measured, TANDEM, value), typical(measured, server, value)
    return own / other if own and other else None


def rows(results: Results) -> Iterator[list[str]]:
    """The table of requests per second."""
    for cell, measured in results.items():
        rates = [typical(measured, server) for server in (TANDEM, HAND_WRITTEN, PLAIN)]
        ratios = [ratio(measured, server) for server in (HAND_WRITTEN, PLAIN)]
        yield [
            cell.database,
            TITLES[cell.question],
            str(cell.connections),
            *("" if rate is None else f"{rate:,.0f}" for rate in rates),
            *("" if found is None else f"{found:.2f}" if found < 10 else f"{found:.1f}" for found in ratios),
        ]


def cost_rows(results: Results) -> Iterator[list[str]]:
    """The table of what a request takes."""
    for cell, measured in results.items():
        for server, rounds in measured.items():
            values = [median(getattr(each, name) for each in rounds) for name in ("cpu", "database_cpu", "p50", "p99")]
            yield [cell.database, TITLES[cell.question], str(cell.connections), server, *(f"{v:,.0f}" for v in values)]


COSTS = (
    "Database", "Question", "Connections", "Server", "CPU of the server, µs", "CPU of PostgreSQL, µs",
    "Latency, median, µs", "Latency, 99 %, µs",
)  # fmt: skip


def markdown(heads: tuple[str, ...], lines: Iterator[list[str]], *, texts: int) -> str:
    """A table in Markdown; the columns after the first so many hold numbers."""
    ruler = ["---"] * texts + ["---:"] * (len(heads) - texts)
    return "\n".join("| " + " | ".join(line) + " |" for line in (heads, ruler, *lines))


def shown(results: Results, console: Console) -> None:
    """Prints both tables."""
    for title, heads, lines in (
        ("Requests per second", HEADS, rows(results)),
        ("What a request takes", COSTS, cost_rows(results)),
    ):
        table = Table(title=title, title_justify="left")
        for head in heads:
            table.add_column(head, justify="left" if head in (*HEADS[:2], "Server") else "right")
        for line in lines:
            table.add_row(*line)
        console.print(table)


def save(results: Results, setting: Setting, path: Path) -> None:
    """Writes PATH.md and PATH.json."""
    path.parent.mkdir(parents=True, exist_ok=True)
    parts = [
        "\n".join(setting.lines()),
        markdown(HEADS, rows(results), texts=2),
        "What a request takes; time of the server's process, and on PostgreSQL of its processes as well:",
        markdown(COSTS, cost_rows(results), texts=2),
    ]
    path.with_suffix(".md").write_text("\n\n".join(parts) + "\n")
    data: dict[str, Any] = {
        "setting": asdict(setting) | {"cores": os.cpu_count(), "processor": processor(), "at": datetime.now(UTC)},
        "results": [
            asdict(cell)
            | {"rates": {server: typical(measured, server) for server in measured}}
            | {"ratios": {server: ratio(measured, server) for server in measured if server != TANDEM}}
            | {"rounds": {server: list(map(asdict, rounds)) for server, rounds in measured.items()}}
            for cell, measured in results.items()
        ],
    }
    path.with_suffix(".json").write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
