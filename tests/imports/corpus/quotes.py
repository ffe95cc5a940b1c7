from collections.abc import Iterator

from tests.imports.corpus.entry import INVALID, NUMBER, Entry, Refused, Wrong, lines, mapped

HEADER = "Email,Name"
GOOD = "z@example.com,Zoe"
MEGABYTE = "x" * 1_000_000


def entries() -> Iterator[Entry]:
    yield from _well()
    yield from _wrong()
    yield from _large()


def _well() -> Iterator[Entry]:
    for name, row in {
        "every cell": '"a@example.com","Ada"',
        "an empty cell": 'a@example.com,""',
        "a comma": 'a@example.com,"Lovelace, Ada"',
        "doubled quotes": 'a@example.com,"Ada ""the first"""',
        "nothing but doubled quotes": 'a@example.com,""""""',
        "a line feed": 'a@example.com,"Ada\nLovelace"',
        "a carriage return": 'a@example.com,"Ada\rLovelace"',
        "both": 'a@example.com,"Ada\r\nLovelace"',
        "many line breaks": 'a@example.com,"' + "\n" * 50 + '"',
        "what looks like rows": 'a@example.com,"x\nb@example.com,Bob\nc@example.com,Cy"',
        "spaces": '"  a@example.com ",Ada',
    }.items():
        breaks = row.replace("\r\n", "\n").replace("\r", "\n").count("\n")
        yield Entry(
            f"quotes about {name}",
            lines(HEADER, row, "nobody,x"),
            {"created": 1, "failed": 1},
            [Wrong(2, 3 + breaks, "Email", "INVALID_EMAIL")],
        )
    for name, row in {
        "within a cell": 'a@example.com,Ada "the first" Lovelace',
        "at the end of a cell": 'a@example.com,5"',
        "after a space": 'a@example.com, "Ada"',
    }.items():
        yield Entry(f"plain quotes {name}", lines(HEADER, row), {"created": 1})
    yield Entry("quoted headers", lines('"Email","First ""Name"""', GOOD), {"created": 1})
    yield Entry("a header of two lines", lines('Email,"First\nName"', GOOD, "nobody,x"), {"created": 1, "failed": 1},
                [Wrong(2, 4, "Email", "INVALID_EMAIL")])  # fmt: skip


def _wrong() -> Iterator[Entry]:
    for name, row in {
        "text after a closed quote": 'a@example.com,"Ada"x',
        "a space after a closed quote": 'a@example.com,"Ada" ',
        "a quote that was not doubled": 'a@example.com,"Ada "the first" Lovelace"',
        "a quote that opens and never closes": '"a@example.com,Ada',
        "a quote alone": 'a@example.com,"',
        "three quotes": 'a@example.com,"""',
    }.items():
        yield Entry(f"wrong: {name}", lines(HEADER, row, GOOD), {"created": 1, "failed": 1},
                    [Wrong(1, 2, None, INVALID)])  # fmt: skip
        yield Entry(f"wrong, in the last row: {name}", lines(HEADER, GOOD, row).rstrip(b"\n"),
                    {"created": 1, "failed": 1}, [Wrong(2, 3, None, INVALID)])  # fmt: skip
    yield Entry(
        "each row opens a quote that the next closes wrongly",
        lines(HEADER, *['a@example.com,"Ada'] * 5),
        {"failed": 5},
        [Wrong(n, n + 1, None, INVALID) for n in range(1, 6)],
    )
    yield Entry(
        "a quote that opens swallows nothing but its line",
        lines(HEADER, '"a@example.com,Ada', *[f"p{n}@example.com,x" for n in range(20)]),
        {"created": 20, "failed": 1},
        [Wrong(1, 2, None, INVALID)],
    )
    yield Entry(
        "an error three lines after a quote opened",
        lines(HEADER, 'a@example.com,"one', "b@example.com,two", 'c@example.com,"three"x', GOOD),
        {"created": 2, "failed": 2},
        [Wrong(1, 2, None, INVALID), Wrong(3, 4, None, INVALID)],
    )
    yield Entry("refused: a header with an unclosed quote", lines('Email,"Name', GOOD), refused=Refused(1))
    yield Entry("refused: a header with a wrong quote", lines("", '"Email"s,Name', GOOD), refused=Refused(2))
    yield Entry("refused: a header without an end", lines('Email,"Name') + b"x" * 1_100_000 + b"\n", refused=Refused(1))


def _large() -> Iterator[Entry]:
    email, kept = ("Email", "emailAddress"), "a@example.com"
    yield Entry("1 MB in a column that is left aside", lines(HEADER, f"{kept},{MEGABYTE}", GOOD), {"created": 2},
                options=mapped(email))  # fmt: skip
    yield Entry("1 MB in quotes, left aside", lines(HEADER, f'{kept},"{MEGABYTE}"', GOOD), {"created": 2},
                options=mapped(email))  # fmt: skip
    broken = ("x" * 9 + "\n") * 100_000
    yield Entry("1 MB of line breaks in quotes, left aside", lines(HEADER, f'{kept},"{broken}"', GOOD),
                {"created": 2}, options=mapped(email))  # fmt: skip
    cells = {"Name": (None, "LIMIT_EXCEEDED"), "Status": ("Status", INVALID), "Tags": ("Tags", INVALID)}
    for header, (column, code) in cells.items():
        yield Entry(f"1 MB as {header}", lines(f"Email,{header}", f"{kept},{MEGABYTE}", "b@example.com,"),
                    {"created": 1, "failed": 1}, [Wrong(1, 2, column, code)])  # fmt: skip
    yield Entry("1 MB as an email address", lines("Email,Mobile", f"{MEGABYTE}@example.com,{NUMBER}"),
                {"created": 1}, [Wrong(1, 2, "Email", "INVALID_EMAIL")])  # fmt: skip
    yield Entry("1 MB as a number", lines("Email,Mobile", f"{kept},{'12' * 500_000}"), {"created": 1},
                [Wrong(1, 2, "Mobile", "INVALID_PHONE")])  # fmt: skip
    rows = [f'{kept},"x', *[MEGABYTE] * 5, GOOD]
    yield Entry("a quoted row of more than 4 MiB", lines(HEADER, *rows), {"created": 1, "failed": 6},
                [Wrong(n, n + 1, None, INVALID) for n in range(1, 7)])  # fmt: skip
