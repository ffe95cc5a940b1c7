"""The results of `bench.links`: as Markdown and as JSON, beside what is aimed at."""

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import orjson

from bench.linking import CONNECTIONS, MERGED
from bench.loading import Measured
from bench.merge_cost import FEW, MANY, Cost
from bench.reporting import markdown, processor
from bench.servers import TANDEM

BARE = "bare transaction"
LEAST = {"PostgreSQL": 600, "SQLite": 400}
LEAST_RATIO, LONGEST_P99, MOST_FOR_MANY = 0.4, 250, 2.0
HEADS = (
    "Database", "What", "By", "Links a second", "Tandem / bare", "Latency, median, ms", "Latency, 99 %, ms",
    "CPU of the process, µs", "CPU of PostgreSQL, µs",
)  # fmt: skip
COSTS = ("Database", "What", f"{FEW} engagements each, ms", f"{MANY:,} engagements each, ms", "Ratio")
AIMS = ("Database", "What", "Found", "Aimed at", "Reached")


@dataclass(slots=True)
class Found:
    """What was measured over one database."""

    database: str
    rounds: dict[str, dict[str, list[Measured]]] = field(default_factory=dict)
    costs: dict[int, Cost] = field(default_factory=dict)
    started_over: int = 0

    def add(self, what: str, by: str, measured: Measured) -> None:
        """One more round."""
        self.rounds.setdefault(what, {}).setdefault(by, []).append(measured)

    def typical(self, what: str, by: str, value: str) -> float:
        """The median of the rounds."""
        return float(median(getattr(each, value) for each in self.rounds[what][by]))

    @property
    def ratio(self) -> float:
        """How often Tandem merges for one bare transaction."""
        return self.typical(MERGED.name, TANDEM, "rate") / self.typical(MERGED.name, BARE, "rate")

    def cost_ratios(self) -> tuple[float, float]:
        """How much longer merging and undoing take where much happened."""
        few, many = (self.costs[count].typical() for count in (FEW, MANY))
        return many[0] / few[0], many[1] / few[1]


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what circumstances it was measured."""

    pairs: int
    seconds: float
    rounds: int
    times: int
    versions: dict[str, str]

    def lines(self) -> Iterator[str]:
        """The circumstances, a sentence each."""
        versions = ", ".join(f"{name} {version}" for name, version in self.versions.items())
        machine = f"{os.cpu_count()} cores ({processor()})"
        yield f"{datetime.now(UTC):%Y-%m-%d}; {machine}; Python {platform.python_version()}, {versions}."
        yield (
            f"{self.pairs:,} pairs of profiles that were known apart, each linked once. Median of {self.rounds} rounds "
            f"of {self.seconds:g} s in turn. Tandem: one process on one core, asked over HTTP by wrk on the other with "
            f"{CONNECTIONS} connections, every answer looked at."
        )
        yield (
            "Bare transaction: hand-written SQL right on the driver, in a process on the same core as Tandem, which "
            f"leaves the same rows with the same durability; {CONNECTIONS} clients on PostgreSQL, one writer on SQLite."
        )
        if "PostgreSQL" in self.versions:
            yield "The processes of PostgreSQL are not pinned: they take their time from both cores."


def rows(found: list[Found]) -> Iterator[list[str]]:
    """The table of links a second."""
    for each in found:
        for what, rounds in each.rounds.items():
            for by in rounds:
                ratio = f"{each.ratio:.2f}" if BARE in rounds and by == TANDEM else ""
                latencies = [f"{each.typical(what, by, value) / 1000:,.1f}" for value in ("p50", "p99")]
                cpu = [f"{each.typical(what, by, value):,.0f}" for value in ("cpu", "database_cpu")]
                yield [each.database, what, by, f"{each.typical(what, by, 'rate'):,.0f}", ratio, *latencies, *cpu]


def cost_rows(found: list[Found]) -> Iterator[list[str]]:
    """The table of what merging costs."""
    for each in found:
        few, many = (each.costs[count].typical() for count in (FEW, MANY))
        for place, (what, ratio) in enumerate(zip(("mergeProfiles", "undoMerge"), each.cost_ratios(), strict=True)):
            yield [each.database, what, f"{few[place]:.2f}", f"{many[place]:.2f}", f"{ratio:.2f}"]


def aims(found: list[Found]) -> Iterator[list[str]]:
    """What is aimed at, and whether it was reached."""
    for each in found:
        rate = each.typical(MERGED.name, TANDEM, "rate")
        p99 = each.typical(MERGED.name, TANDEM, "p99") / 1000
        merging, undoing = each.cost_ratios()
        least = LEAST[each.database]
        for what, shown, aimed, reached in (
            ("links a second", f"{rate:,.0f}", f"at least {least}", rate >= least),
            ("latency, 99 %", f"{p99:,.0f} ms", f"under {LONGEST_P99} ms", p99 < LONGEST_P99),
            ("Tandem / bare transaction", f"{each.ratio:.2f}", f"at least {LEAST_RATIO}", each.ratio >= LEAST_RATIO),
            (
                "merging, much happened / little",
                f"{merging:.2f}",
                f"at most {MOST_FOR_MANY:g}",
                merging <= MOST_FOR_MANY,
            ),
            (
                "undoing, much happened / little",
                f"{undoing:.2f}",
                f"at most {MOST_FOR_MANY:g}",
                undoing <= MOST_FOR_MANY,
            ),
        ):
            yield [each.database, what, shown, aimed, "yes" if reached else "no"]


def save(found: list[Found], setting: Setting, path: Path) -> str:
    """Writes PATH.md and PATH.json; the former's text."""
    over = ", ".join(f"{each.started_over} on {each.database}" for each in found)
    parts = [
        "\n".join(setting.lines()),
        markdown(AIMS, aims(found), texts=2),
        f"Transactions that started over because somebody was faster: {over}.",
        markdown(HEADS, rows(found), texts=3),
        f"One client merges the same two profiles and undoes it, {setting.times} times; the median:",
        markdown(COSTS, cost_rows(found), texts=2),
    ]
    text = "\n\n".join(parts) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.with_suffix(".md").write_text(text)
    data = {"setting": asdict(setting) | {"at": datetime.now(UTC)}, "results": list(map(asdict, found))}
    options = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE | orjson.OPT_NON_STR_KEYS
    path.with_suffix(".json").write_bytes(orjson.dumps(data, option=options))
    return text
