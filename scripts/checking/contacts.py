"""A file of contacts with all that files have: people who come twice, chains of addresses, mistakes, consents."""

import csv
import random
from collections.abc import Iterator
from io import StringIO

HEADER = ("Email", "Mobile", "First name", "City", "Status", "Tags", "SMS consent", "smsConsentAt", "smsConsentWording")
BROKEN = ('"never closed,+14155550100\r\n', "too,few\r\n", "not an address,not a number,A,B,,,,,\r\n")
STATUSES = ("unsub", "held", "expired", "normal")


def rows(seed: int, count: int) -> Iterator[str]:
    """The header and so many rows, as they are written."""
    drawn = random.Random(seed)
    yield _written(HEADER)
    for number in range(count):
        yield drawn.choice(BROKEN) if drawn.random() < 0.01 else _written(_cells(drawn, number, count))


def _cells(drawn: random.Random, number: int, count: int) -> tuple[str, ...]:
    email, mobile = (_person(drawn, number, count) for _ in range(2))
    chance = drawn.random()
    return (
        "" if chance < 0.1 else f"Person.{email}@Example.com",
        ""
        if 0.1 < chance < 0.2
        else "555"
        if 0.2 < chance < 0.22
        else f"(415) {200 + mobile // 10_000}-{mobile % 10_000:04}",
        f'"Ann" {number % 300}\nof house {number % 7}' if chance > 0.98 else f"Ann {number % 300}",
        drawn.choice(("", "Paris", "Oslo, Norway")),
        drawn.choice(STATUSES) if drawn.random() < 0.05 else "",
        drawn.choice(("", "vip", "vip; new")),
        *(("yes", f"2024-0{1 + number % 9}-01", "I agree.") if drawn.random() < 0.1 else ("", "", "")),
    )


def _person(drawn: random.Random, number: int, count: int) -> int:
    """Mostly the row's own person, now and then one of another row."""
    return drawn.randrange(count) if drawn.random() < 0.05 else number


def _written(cells: tuple[str, ...]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerow(cells)
    return text.getvalue()
