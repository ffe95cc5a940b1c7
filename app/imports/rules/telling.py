"""The file with the rows that failed: what is wrong with each beside its own cells, made harmless for spreadsheets."""

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO

from app.imports.rules.forms import OURS, Form
from app.imports.rules.records import cells_of
from app.imports.rules.rows import Mistake

HEADERS = tuple(OURS + name for name in ("row", "line", "column", "code", "message"))
UNSEEN = r"\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # blanks, and characters without width
#: What a spreadsheet may run (OWASP, CSV injection), or what was made harmless.
RUNS = re.compile(rf"'*(?:[\t\r\n]|[{UNSEEN}]*[=+\-@＝＋－＠])")  # noqa: RUF001 - the wide forms are meant


def harmless(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{cell}" if RUNS.match(cell) else cell


def as_written(cell: str) -> str:
    """The cell without that apostrophe."""
    return cell[1:] if cell.startswith("'") and RUNS.match(cell) else cell


def heading(form: Form) -> bytes:
    """The line of headers: those of the mistakes, then the file's own."""
    return _line(form, [*HEADERS, *(harmless(form.columns[place]) for place in form.own)])


def told(form: Form, *, number: int, line: int, mistakes: Sequence[Mistake], raw: str) -> bytes:
    """The line of a row, with all its mistakes: its own cells, or where it cannot be read, how it is written."""
    wrong = [
        "; ".join(mistake.column or "" for mistake in mistakes) if any(mistake.column for mistake in mistakes) else "",
        "; ".join(mistake.code for mistake in mistakes),
        "; ".join(mistake.message for mistake in mistakes),
    ]
    return _line(form, [str(number), str(line), *map(harmless, wrong), *map(harmless, _own(form, raw))])


def _own(form: Form, raw: str) -> list[str]:
    cells = cells_of(raw, form.delimiter)
    if cells is None:
        return [raw] + [""] * (len(form.own) - 1)
    aside = set(range(len(form.columns))).difference(form.own)
    freed = map(as_written, cells) if form.is_ours else cells
    return [cell for place, cell in enumerate(freed) if place not in aside]


def _line(form: Form, cells: Iterable[str]) -> bytes:
    """A line as the file has them, all cells in quotes: so none breaks up where it is read with another separator."""
    out = StringIO(newline="")
    csv.writer(out, delimiter=form.delimiter, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode()
