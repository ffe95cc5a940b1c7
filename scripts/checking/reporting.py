"""The figures of a run."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table

from checking.journal import Fate

MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What was done, how it went, and what is wrong."""

    database: str
    seed: int
    seconds: float
    counts: dict[str, Counter[str]]
    milliseconds: list[float]
    errors: Counter[str]
    repeats: int
    retries: int
    kills: int
    restarts: int
    profiles: int
    channels: int
    links: int
    violations: dict[str, list[str]]
    complaints: dict[str, int] = field(default_factory=dict)
    faults: Counter[str] = field(default_factory=Counter)
    causes: Counter[str] = field(default_factory=Counter)

    @property
    def operations(self) -> int:
        """How many there were."""
        return sum(count.total() for count in self.counts.values())

    def percentile(self, share: float) -> float:
        """The latency in milliseconds that this share of the answers kept below."""
        ordered = sorted(self.milliseconds)
        return round(ordered[int(share * (len(ordered) - 1))], 1) if ordered else 0.0

    def figures(self) -> dict[str, Any]:
        """All that counts, by name."""
        return {
            "database": self.database,
            "seed": self.seed,
            "operations": self.operations,
            "seconds": round(self.seconds, 1),
            "operations a second": round(self.operations / self.seconds, 1),
            "p50 ms": self.percentile(0.5),
            "p99 ms": self.percentile(0.99),
            "repeated by key": self.repeats,
            "errors": dict(self.errors),
            "faults in the log": dict(self.faults),
            "retries": self.retries,
            "retries in %": round(100 * self.retries / max(1, self.operations), 2),
            "started over by": dict(self.causes),
            **self.complaints,
            "servers killed": self.kills,
            "PostgreSQL restarted": self.restarts,
            "profiles": self.profiles,
            "channels": self.channels,
            "links": self.links,
            "violations": sum(map(len, self.violations.values())),
        }

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        return self.figures() | {"by kind": self.counts, "violations": self.violations}

    def show(self, screen: Console) -> None:
        """The report for people."""
        table = Table("Operation", *Fate, "All", title=f"{self.database}, {self.operations:,} operations")
        for kind, count in sorted(self.counts.items()):
            table.add_row(kind, *(f"{count[fate]:,}" for fate in Fate), f"{count.total():,}")
        screen.print(table)
        for name, value in self.figures().items():
            if value not in ({}, 0) or name == "violations":
                screen.print(f"{name:>22}  {value}", highlight=False)
        for name, texts in self.violations.items():
            screen.print(f"\n{name} ({len(texts)})", style="red", highlight=False)
            for text in texts[:MOST_SHOWN]:
                screen.print(f"  {text}", highlight=False, markup=False, soft_wrap=True)
