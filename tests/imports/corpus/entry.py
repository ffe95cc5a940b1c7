from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.imports.rules.options import Column, Options

INVALID = "INVALID_VALUE"
NUMBER = "+14155552671"
REGION, ZONE = "US", "Europe/Berlin"


class Wrong(NamedTuple):
    """A mistake: its row, the line where that begins, the column's header, and the code."""

    row: int
    line: int
    column: str | None
    code: str


class Refused(NamedTuple):
    """Why the file as a whole is refused."""

    line: int | None
    code: str = INVALID


@dataclass(frozen=True)
class Entry:
    """A file, what its import is asked for, and its report: the counts that are not 0, the mistakes, or the refusal."""

    name: str
    content: bytes
    counts: Mapping[str, int] = field(default_factory=dict)
    mistakes: Sequence[Wrong] = ()
    refused: Refused | None = None
    options: Options = field(default_factory=lambda: Options(REGION, ZONE))


def mapped(*columns: tuple[str, str]) -> Options:
    return Options(REGION, ZONE, mapping=tuple(Column(*column) for column in columns))


def lines(*texts: str) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()
