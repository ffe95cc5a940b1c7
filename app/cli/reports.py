"""What came of an import, for people and for programs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from rich.console import Console
from rich.table import Column, Table

from app.db import Database, first
from app.ids import spelled
from app.imports.jobs.reporting import failed_rows, pages
from app.imports.queries.mistakes import FILE, Wrong
from app.imports.queries.running import COUNTS
from app.imports.queries.watching import Progress
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

    @property
    def problem(self) -> str:
        """Why the file as a whole is refused; empty if it is not."""
        line = self.progress.problem_line
        where = f"Line {line}: " if line and not (self.progress.problem or "").startswith("Line ") else ""
        return f"{where}{self.progress.problem or ''}"

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


async def write_mistakes(database: Database, account_id: int, import_id: UUID, path: Path) -> None:
    """Writes the rows with mistakes into a file, as they were written, with what is wrong with them."""
    async with database.reading(account_id) as reader:
        of = first(await reader.fetch(FILE, import_id=import_id))
    with path.open("wb") as out:
        if of is not None:
            async for part in failed_rows(database, account_id, of):
                out.write(part)


def counted(count: int, of: str) -> str:
    """A count with its noun: 1 row, 2 rows."""
    return f"{count:,} {of}{'' if count == 1 else 's'}"


def show(console: Console, report: Report) -> None:
    """Prints the report for people."""
    of = report.progress
    kind = "rehearsed" if of.dry_run else "imported"
    said = f"{of.file_name}: {counted(of.rows, 'row')} {kind} for the account {report.account}, {of.status}"
    console.print(said, markup=False, highlight=False, soft_wrap=True)
    if of.problem:
        console.print(report.problem, style="red", markup=False, highlight=False, soft_wrap=True)
    if of.rows or not of.problem:
        show_counts(console, of)
    for wrong, rows in report.told():
        show_mistakes(console, wrong, rows)
    if report.others:
        console.print(f"\n{counted(report.others, 'mistake')} more of other kinds", style="bold", highlight=False)


def show_counts(console: Console, of: Progress) -> None:
    """Prints what came of the rows."""
    table = Table("Rows", Column("", justify="right"))
    for name in (*COUNTS, "consent_refused"):
        table.add_row(name.replace("_", " "), f"{getattr(of, name):,}")
    console.print(table)


def show_mistakes(console: Console, kind: Kind, rows: Rows) -> None:
    """Prints mistakes that are alike, and where they are."""
    where = f" in column {kind.column}" if kind.column else ""
    console.print(f"\n{counted(rows.count, 'row')}: {kind.code}{where}", style="bold", markup=False, highlight=False)
    console.print(kind.message, markup=False, highlight=False)
    more = f" and {rows.count - len(rows.lines):,} more" if rows.count > len(rows.lines) else ""
    lines = f"{'Line' if rows.count == 1 else 'Lines'} {', '.join(map(str, rows.lines))}{more}"
    console.print(lines, style="dim", highlight=False)
