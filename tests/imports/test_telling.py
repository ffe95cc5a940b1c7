"""The file with the rows that failed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import ErrorCode
from app.imports.rules.forms import Form
from app.imports.rules.rows import Mistake
from app.imports.rules.telling import as_written, harmless, heading, told

FORM = Form("utf-16-le", ";", ("Email", "Name", "=x"), 20, 2, 1)
OURS = Form("utf-8", ",", ("import_error_row", "import_error_code", "Email", "Name"), 20, 2, 1)
MISTAKES = [Mistake(ErrorCode.INVALID_EMAIL, "One.", "Email"), Mistake(ErrorCode.INVALID_VALUE, "Two, too.")]


def line(form: Form, raw: str) -> str:
    return told(form, number=7, line=9, mistakes=MISTAKES, raw=raw).decode()


def test_the_headers_are_those_of_mistakes_and_the_files_own() -> None:
    ours = ["import_error_row", "import_error_line", "import_error_column", "import_error_code", "import_error_message"]
    assert heading(FORM).decode() == quoted(*ours, "Email", "Name", "'=x", parted_by=";")
    assert heading(OURS).decode() == quoted(*ours, "Email", "Name")


def quoted(*cells: str, parted_by: str = ",") -> str:
    """A line whose cells are all in quotes."""
    return parted_by.join(f'"{cell}"' for cell in cells) + "\r\n"


def test_a_row_stands_once_with_all_its_mistakes_and_its_own_cells() -> None:
    wrong = "7", "9", "Email; ", "INVALID_EMAIL; INVALID_VALUE", "One.; Two, too."
    assert line(FORM, '"a;b";=1+1;"""q"""') == quoted(*wrong, "a;b", "'=1+1", '""q""', parted_by=";")
    assert line(FORM, "a;b") == quoted(*wrong, "a", "b", parted_by=";")
    assert line(FORM, '"a;b') == quoted(*wrong, '""a;b', "", "", parted_by=";")
    assert line(OURS, "3,CODE,'=1,x") == quoted(*wrong, "'=1", "x")


PLAIN = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\nx", "'=1", "''-1"]
WIDE = ["\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"]
BEHIND_BLANKS = [" =1", "\u00a0+1", "\u200b@a", " \ufeff \uff1d1", "'\u00a0-1"]


@pytest.mark.parametrize("cell", PLAIN + WIDE + BEHIND_BLANKS)
def test_a_cell_that_a_spreadsheet_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "a", "1", "'", "'a", "a=1", " a", "\u00a0", "''"])
def test_other_cells_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell == as_written(cell)


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("'=+-@\t\r\na \u00a0\u200b\uff1d\uff20"), max_size=6))
def test_a_cell_comes_back_as_it_was_written(cell: str) -> None:
    assert as_written(harmless(cell)) == cell
