"""The corpus at the level of the rules: what is read, what is blank, what fails and where, what is refused."""

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.accounts.rules import Guards
from app.db import Database
from app.imports.errors import FileRefused
from app.imports.rules.decoding import Checking
from app.imports.rules.forms import Form, form_of
from app.imports.rules.reading import Reading
from app.imports.rules.records import Record, Records
from app.imports.rules.rows import Row
from tests.client import Served
from tests.conftest import new_client
from tests.imports.corpus import ENTRIES
from tests.imports.corpus.entry import Entry, Refused, Wrong
from tests.imports.importing import Importer

LONG = bool(os.environ.get("TANDEM_LONG"))
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


def named(entries: Iterable[Entry]) -> list[Any]:
    return [pytest.param(entry, id=entry.name) for entry in entries]


@pytest.mark.parametrize("entry", named(entry for entry in ENTRIES if entry.refused))
def test_a_file_is_refused_with_its_line_and_a_sentence(entry: Entry) -> None:
    with pytest.raises(FileRefused) as refused:
        read(entry)
    assert Refused(refused.value.line, refused.value.code) == entry.refused
    assert refused.value.message.endswith(".")


@pytest.mark.parametrize("entry", named(entry for entry in ENTRIES if not entry.refused))
def test_a_file_is_read_as_its_report_says(entry: Entry) -> None:
    rows = read(entry)
    assert [Wrong(row.number, row.line, m.column, m.code) for row in rows for m in row.mistakes] == [*entry.mistakes]
    skipped = sum(row.is_blank for row in rows)
    found = {"skipped": skipped, "failed": sum(row.contact is None for row in rows) - skipped}
    assert found == {name: entry.counts.get(name, 0) for name in found}
    assert len(rows) == sum(entry.counts.values())


def test_the_corpus_is_of_more_than_200_files_each_with_a_name_of_its_own() -> None:
    assert len({entry.name for entry in ENTRIES}) == len(ENTRIES) > 200


@pytest.mark.parametrize("half", [0, 1])
async def test_a_file_is_imported_as_its_report_says(
    served: Served, http: httpx.AsyncClient, database: Database, half: int
) -> None:
    """Half of the files on each database, unless there is time for all of them on both."""
    chosen = ENTRIES if LONG else ENTRIES[database.dialect == "sqlite" :: 2]
    told = {}
    for entry in chosen[half::2]:
        importer = Importer(await new_client(served, http), database)
        told[entry.name] = await reported(importer, entry)
    assert {name: report for name, (report, expected) in told.items() if report != expected} == {}


async def reported(importer: Importer, entry: Entry) -> tuple[Any, Any]:
    """What is reported of a file, and what its report is to be."""
    try:
        report = await importer.imported(entry.content, entry.options)
    except FileRefused as refused:  # while it is uploaded
        return Refused(refused.line, refused.code), entry.refused
    if report.problem:
        return Refused(report.problem["line"], report.problem["code"]), entry.refused
    mistakes = [Wrong(each["row"], each["line"], each["column"], each["code"]) for each in report.mistakes]
    return (report.counts, mistakes), ({k: n for k, n in entry.counts.items() if n}, [*entry.mistakes])
