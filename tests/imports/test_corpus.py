"""The corpus at the level of the rules: what is read, what is blank, what fails and where, what is refused."""

from datetime import UTC, datetime

import pytest

from app.accounts.rules import Guards
from app.imports.errors import FileRefused
from app.imports.rules.decoding import Checking
from app.imports.rules.forms import Form, form_of
from app.imports.rules.reading import Reading
from app.imports.rules.records import Record, Records
from app.imports.rules.rows import Row
from tests.imports.corpus import ENTRIES
from tests.imports.corpus.entry import Entry, Refused, Wrong

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PIECE = 100_000


def read(entry: Entry) -> list[Row]:
    """The rows of the file, read as an import reads it."""
    checking = Checking()
    for start in range(0, len(entry.content), PIECE):
        checking.feed(entry.content[start : start + PIECE])
    checking.end()
    form = Form.of(form_of(entry.content[: 1024 * 1024]).kept())
    return Reading(form, entry.options, Guards(), NOW).rows(1, recorded(form, entry.content))


def recorded(form: Form, content: bytes) -> list[Record]:
    records = Records(form.encoding, form.delimiter, offset=form.offset, line=form.line)
    found = []
    for start in range(form.offset, len(content), PIECE):
        found += records.feed(content[start : start + PIECE])
    return found + records.end()


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.name for entry in ENTRIES])
def test_a_file_is_read_as_its_report_says(entry: Entry) -> None:
    try:
        rows = read(entry)
    except FileRefused as refusal:
        assert Refused(refusal.line, refusal.code) == entry.refused
        assert refusal.message.endswith(".")
        return
    assert entry.refused is None
    assert [Wrong(row.number, row.line, m.column, m.code) for row in rows for m in row.mistakes] == [*entry.mistakes]
    found = {"rows": len(rows), "skipped": 0, "failed": 0}
    for row in rows:
        found["skipped"] += row.is_blank
        found["failed"] += not row.is_blank and row.contact is None
    expected = {name: entry.counts.get(name, 0) for name in ("skipped", "failed")}
    assert found == {"rows": sum(entry.counts.values()), **expected}


def test_the_corpus_is_of_more_than_200_files_each_with_a_name_of_its_own() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES) > 200
