from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import permutations

from tests.imports.corpus.entry import Entry, lines

Row = tuple[str, str]
A, B, C, D, E, F = (f"{name}@example.com" for name in "abcdef")
ONE, TWO, THREE = "+14155552671", "+14155552672", "+14155552673"
HEADER = "Email,Mobile"


def entries() -> Iterator[Entry]:
    yield from _same()
    yield from _orders("a chain of three", [(A, ONE), (B, ONE), (B, TWO)])
    yield from _orders("a chain of four", [(A, ONE), (B, ONE), (B, TWO), (C, TWO)])
    yield from _orders("alone and together", [(A, ""), ("", ONE), (A, ONE)])
    yield from _orders("two people made one", [(A, ONE), (B, TWO), (A, TWO)])
    yield from _guarded()


def _rows(rows: Sequence[Row]) -> bytes:
    return lines(HEADER, *map(",".join, rows))


def _same() -> Iterator[Entry]:
    for name, row in {"both addresses": (A, ONE), "an email address": (A, ""), "a number": ("", ONE)}.items():
        yield Entry(f"the same person five times by {name}", _rows([row] * 5), {"created": 1, "unchanged": 4})
    spellings = ["+14155552671", "(415) 555-2671", "415.555.2671", "1 415 555 2671", "4155552671"]
    cases = ["a@example.com", "A@EXAMPLE.COM", "A@Example.com", " a@example.com ", "a@EXAMPLE.com"]
    yield Entry("the same person, spelled in five ways", _rows(list(zip(cases, spellings, strict=True))),
                {"created": 1, "unchanged": 4})  # fmt: skip
    names = ["Ada", "Ada", "Bea", "Ada", "Ada"]
    yield Entry("the same person under changing names", lines("Email,Name", *[f"{A},{name}" for name in names]),
                {"created": 1, "unchanged": 2, "updated": 2})  # fmt: skip
    yield Entry("the same person with more and more fields",
                lines("Email,City,Name", f"{A},,", f"{A},Rome,", f"{A},,Ada", f"{A},,", f"{A},Rome,Ada"),
                {"created": 1, "updated": 2, "unchanged": 2})  # fmt: skip
    yield Entry("the same person held, twice", lines("Email,Status", f"{A},held", f"{A},held"),
                {"created": 1, "unchanged": 1})  # fmt: skip
    yield Entry("five people", _rows([(each, "") for each in (A, B, C, D, E)]), {"created": 5})


def _orders(name: str, rows: Sequence[Row]) -> Iterator[Entry]:
    for number, order in enumerate(permutations(rows), 1):
        yield Entry(f"{name}, order {number}", _rows(order), outcomes(order))


def outcomes(rows: Sequence[Row]) -> Counter[str]:
    """What becomes of rows below all limits: people are sets of addresses, and a row with two unites theirs."""
    people: list[set[str]] = []
    found: Counter[str] = Counter()
    for row in rows:
        addresses = {text for text in row if text}
        known = [person for person in people if person & addresses]
        new = addresses.difference(*known)
        found["merged" if len(known) == 2 else "created" if not known else "linked" if new else "unchanged"] += 1
        people = [person for person in people if person not in known] + [addresses.union(*known)]
    return found


def _guarded() -> Iterator[Entry]:
    """At most five addresses of a kind in a profile; mailboxes of several people link, and do not merge."""
    shared = [(each, ONE) for each in (A, B, C, D, E, F)]
    yield Entry("six addresses on one number", _rows(shared), {"created": 1, "linked": 4, "proposed": 1})
    yield Entry("a mailbox of several people", _rows([("info@example.com", ONE), ("info@example.com", TWO)]),
                {"created": 1, "linked": 1})  # fmt: skip
    yield Entry("a mailbox of several people, known apart",
                _rows([("info@example.com", ""), (A, ONE), ("info@example.com", ONE)]),
                {"created": 2, "proposed": 1})  # fmt: skip
    yield Entry("placeholders join nobody", _rows([("none@none.com", ONE), ("none@none.com", TWO), (A, "0000000000")]),
                {"created": 3})  # fmt: skip
