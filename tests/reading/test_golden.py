"""The SQL that documents issue, checked in beside them: what a change of the compiler does is seen in its review.

`TANDEM_WRITE_GOLDEN=1 pytest tests/reading/test_golden.py` writes the files anew.
"""

import difflib
import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import new_client
from tests.reading.conftest import Noting
from tests.reading.noting import Issued
from tests.reading.statements import aliases, faults, laid_out, placed

GOLDEN = Path(__file__).parent / "golden"
WRITING = bool(os.environ.get("TANDEM_WRITE_GOLDEN"))
DOCUMENTS = sorted(path.stem for path in GOLDEN.glob("*.graphql"))
LONGEST_VALUE = 300  # what is longer, such as where it is quiet now, is shortened
DIALECTS = ("sqlite", "postgresql")


async def issued_by(noting: Noting, name: str) -> list[Issued]:
    """The statements that a golden document issues; its variables stand in its first line."""
    text = (GOLDEN / f"{name}.graphql").read_text()
    variables = json.loads(text.splitlines()[0].removeprefix("# "))
    client = await new_client(noting.served, noting.http)
    noting.database.issued.clear()
    await client.ask(text, **variables)
    return list(noting.database.issued)


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_issues_the_statements_that_stand_beside_it(noting: Noting, name: str) -> None:
    written = "\n".join(map(rendered, await issued_by(noting, name)))
    path = GOLDEN / f"{name}.{noting.database.dialect}.sql"
    if WRITING:
        path.write_text(written)
    kept = path.read_text() if path.exists() else ""
    changes = difflib.unified_diff(kept.splitlines(), written.splitlines(), path.name, "issued now", lineterm="")
    if told := "\n".join(changes):
        pytest.fail(
            f"The statement is another one; TANDEM_WRITE_GOLDEN=1 writes the files anew.\n{told}", pytrace=False
        )


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document_reads_every_table_within_the_account(noting: Noting, name: str) -> None:
    for issued in await issued_by(noting, name):
        assert aliases(issued.sql), "it reads something"
        assert faults(issued.sql) == []


def test_every_golden_file_belongs_to_a_document() -> None:
    known = {f"{name}.{dialect}.sql" for name in DOCUMENTS for dialect in DIALECTS}
    assert {path.name for path in GOLDEN.glob("*.sql")} == known


def rendered(issued: Issued) -> str:
    """A statement, and what it was run with."""
    numbered, values, of_account = placed(issued.sql, issued.values)
    listed = [f"-- {place} = {shown(value)}" for place, value in values.items()]
    return "\n".join([laid_out(numbered), f"-- {', '.join(of_account)} = the account", *listed, ""])


def shown(value: Any) -> str:
    """A bound value, readable."""
    if isinstance(value, str) and len(value) > LONGEST_VALUE:
        return f"{str(value[:LONGEST_VALUE])!r}…"
    return f"x'{value.hex()}'" if isinstance(value, bytes) else repr(str(value) if isinstance(value, str) else value)
