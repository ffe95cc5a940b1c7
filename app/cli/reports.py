"""What came of an import, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Column, Table

from app.db import Database
from app.ids import spelled
from app.imports.queries.mistakes import Wrong
from app.imports.queries.running import COUNTS
from app.imports.queries.watching import Progress
from app.imports.reporting import pages
from app.tables import ImportStatus

MOST_KINDS = 100  # of mistakes that are told apart
MOST_LINES = 100  # that are named of each


class Kind(NamedTuple):
    """Mistakes that are alike."""

    code: str
    column: str | None
    message: str


@dataclass(slots=True)
class Rows:
    """The rows with one kind of mistake: how many, and the lines in which the first of them begin."""

    count: int = 0
    lines: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What came of an import; `others` are mistakes of more kinds than are told apart."""

    progress: Progress
    account: str
    kinds: dict[Kind, Rows] = field(default_factory=dict)
    others: int = 0

    def note(self, wrong: Wrong) -> None:
        """Counts a mistake."""
        kind = Kind(wrong.code, wrong.column, wrong.message)
        if kind not in self.kinds and len(self.kinds) >= MOST_KINDS:
            self.others += 1
            return
        rows = self.kinds.setdefault(kind, Rows())
        rows.count += 1
        if len(rows.lines) < MOST_LINES:
            rows.lines.append(wrong.line)

    @property
    def has_mistakes(self) -> bool:
        """Whether something is wrong with any row."""
        return bool(self.kinds)

    @property
    def succeeded(self) -> bool:
        """Whether all of the file was dealt with."""
        return self.progress.status is ImportStatus.SUCCEEDED

    def as_json(self) -> dict[str, Any]:
        """The report for programs."""
        of = self.progress
        problem = {"code": of.problem_code, "message": of.problem, "line": of.problem_line}
        return {
            "file": of.file_name,
            "account": self.account,
            "import": spelled("Import", of.id),
            "status": of.status,
            "dryRun": of.dry_run,
            "rows": of.rows,
            **{name: getattr(of, name) for name in COUNTS},
            "consentRefused": of.consent_refused,
            "problem": problem if of.problem else None,
            "mistakes": [{**kind._asdict(), "count": rows.count, "lines": rows.lines} for kind, rows in self.told()],
            "otherMistakes": self.others,
        }

    def told(self) -> Sequence[tuple[Kind, Rows]]:
        """The kinds of mistakes, in the order in which they were found."""
        return list(self.kinds.items())


async def reported(database: Database, account_id: int, progress: Progress, account: str) -> Report:
    """The report of an import as it is now."""
    report = Report(progress, account)
    async for page in pages(database, account_id, progress.id):
        for wrong in page:
            report.note(wrong)
    return report


def show(console: Console, report: Report) -> None:
    """Prints the report for people."""
    of = report.progress
    kind = "rehearsed" if of.dry_run else "imported"
    said = f"{of.file_name}: {of.rows:,} rows {kind} for the account {report.account}, {of.status}"
    console.print(said, markup=False, highlight=False)
    if of.problem:
        where = f"Line {of.problem_line}: " if of.problem_line else ""
        console.print(f"{where}{of.problem}", style="red", markup=False, highlight=False)
    table = Table("Rows", Column("", justify="right"))
    for name in (*COUNTS, "consent_refused"):
        table.add_row(name.replace("_", " "), f"{getattr(of, name):,}")
    console.print(table)
    for wrong, rows in report.told():
        show_mistakes(console, wrong, rows)
    if report.others:
        console.print(f"\n{report.others:,} mistakes more of other kinds", style="bold", highlight=False)


def show_mistakes(console: Console, kind: Kind, rows: Rows) -> None:
    """Prints mistakes that are alike, and where they are."""
    where = f" in column {kind.column}" if kind.column else ""
    console.print(f"\n{rows.count:,} rows: {kind.code}{where}", style="bold", markup=False, highlight=False)
    console.print(kind.message, markup=False, highlight=False)
    more = f" and {rows.count - len(rows.lines):,} more" if rows.count > len(rows.lines) else ""
    console.print(f"Lines {', '.join(map(str, rows.lines))}{more}", style="dim", highlight=False)
