"""Records, whatever the pieces that the bytes come in, beside the csv module, and gone on from any of them."""

import csv
from collections.abc import Sequence
from io import StringIO
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.imports.errors import FileRefused
from app.imports.rules.decoding import Checking
from app.imports.rules.quoting import LONGEST_RECORD, TOO_LONG, UNCLOSED, WRONG_QUOTE
from app.imports.rules.records import Record, Records
from tests.imports.corpus import ENTRIES

PARTS = ['"', '"', '""', ",", "\n", "\r", "\r\n", "a", " ", "é", "😀", "\0", 'x","', '",']
texts = st.lists(st.sampled_from(PARTS), max_size=30).map("".join)
encodings = st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"])


def read(content: bytes, encoding: str, cuts: Sequence[int] = (), *, offset: int = 0, line: int = 1) -> list[Record]:
    records = Records(encoding, ",", offset=offset, line=line)
    found: list[Record] = []
    for start, end in pairwise([0, *sorted(cut for cut in cuts if cut <= len(content)), len(content)]):
        found += records.feed(content[start:end])
    return found + records.end()


@settings(max_examples=300, deadline=None)
@given(texts, encodings, st.lists(st.integers(0, 80)))
def test_the_pieces_make_no_difference(text: str, encoding: str, cuts: list[int]) -> None:
    content = text.encode(encoding)
    whole = read(content, encoding)
    assert read(content, encoding, cuts) == whole
    assert read(content, encoding, range(len(content))) == whole


@settings(max_examples=300, deadline=None)
@given(texts, encodings)
def test_reading_goes_on_from_the_end_of_any_record(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    whole = read(content, encoding)
    for number, record in enumerate(whole, 1):
        rest = content[record.end :]
        assert read(rest, encoding, offset=record.end, line=record.next_line) == whole[number:]


@settings(max_examples=300, deadline=None)
@given(texts, encodings)
def test_what_is_read_is_what_is_written(text: str, encoding: str) -> None:
    ended = StringIO(text, newline="").readlines()
    for record in read(text.encode(encoding), encoding):
        written = "".join(ended[record.line - 1 : record.next_line - 1])
        assert written.rstrip("\r\n") == record.raw
        assert len("".join(ended[: record.next_line - 1]).encode(encoding)) == record.end
        assert (record.cells is None) is (record.problem is not None)


cells = st.text(st.sampled_from('abc,;"\n\r \té😀'), max_size=8)
tables = st.lists(st.lists(cells, min_size=2, max_size=5), max_size=6)


@settings(max_examples=300, deadline=None)
@given(tables, st.sampled_from(["\n", "\r\n", "\r"]), encodings, st.lists(st.integers(0, 200)))
def test_well_formed_files_are_read_as_the_csv_module_reads_them(
    table: list[list[str]], end: str, encoding: str, cuts: list[int]
) -> None:
    out = StringIO(newline="")
    csv.writer(out, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    assert [record.cells for record in read(out.getvalue().encode(encoding), encoding, cuts)] == table


def problems(content: bytes, size: int) -> list[tuple[int, str | None]]:
    found = read(content, "utf-8", range(size, len(content), size))
    return [(record.line, record.problem) for record in found]


@pytest.mark.parametrize("size", [100_000, 10_000_000])
def test_a_quoted_row_ends_within_4_mib_characters_or_fails(size: int) -> None:
    line = b"x" * 1023 + b"\n"
    half = line * (LONGEST_RECORD // 2048)
    assert problems(b'a,"' + half + b'"\n', size) == [(1, None)]
    longest = b'a,"' + half + half[:-5] + b'"\n'
    assert len(longest) == LONGEST_RECORD
    assert problems(longest, size) == [(1, None)]
    over = problems(b"b" + longest, size)
    assert over[0] == (1, TOO_LONG)
    assert len(over) == LONGEST_RECORD // 1024
    assert over[-1] == (LONGEST_RECORD // 1024, None)


def test_rows_that_all_fail_for_one_quote_far_below_take_no_longer_than_others() -> None:
    count = 20_000
    assert problems(b'x","\n' * count, 4096) == [(line, UNCLOSED) for line in range(1, count + 1)]
    wrong = problems(b'x","\n' * count + b'"y\n', 4096)
    assert wrong == [*((line, WRONG_QUOTE) for line in range(1, count + 1)), (count + 1, UNCLOSED)]


@pytest.mark.parametrize("size", [1, 7, 1023])
def test_a_file_is_found_fit_or_not_whatever_the_pieces(size: int) -> None:
    for entry in ENTRIES:
        if len(entry.content) < 10_000:
            assert checked(entry.content, size) == checked(entry.content, 10_000)


def checked(content: bytes, size: int) -> tuple[str, int | None] | None:
    checking = Checking()
    try:
        for start in range(0, len(content), size):
            checking.feed(content[start : start + size])
        checking.end()
    except FileRefused as refusal:
        return refusal.message, refusal.line
    return None
