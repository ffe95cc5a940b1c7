"""The log of what was asked for and what is known to have become of it, one JSON object a line."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from checking.callers import Answer
from checking.documents import outcome
from checking.work import Operation, token


class Fate(StrEnum):
    """What is known of an operation."""

    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"  # user errors: it changed nothing
    FAILED = "failed"  # an error that says that nothing was changed
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    """One operation and its fate; `sent` and `answered` enclose all attempts."""

    number: int
    kind: str
    input: dict[str, Any]
    key: str | None
    addresses: tuple[str, ...]
    fate: Fate
    sent: float
    answered: float
    attempts: int
    outcome: dict[str, Any]

    @property
    def token(self) -> str:
        """What names the operation in links and merges."""
        return token(self.number)

    @property
    def acknowledged(self) -> bool:
        """Whether the server said that it was done."""
        return self.fate is Fate.ACKNOWLEDGED

    @property
    def possible(self) -> bool:
        """Whether it may have been done."""
        return self.fate in (Fate.ACKNOWLEDGED, Fate.UNKNOWN)

    @property
    def until(self) -> float:
        """When it was done at the latest: what is unknown may have been done after the client gave up."""
        return self.answered if self.acknowledged else self.answered + 60


def recorded(operation: Operation, answers: list[Answer]) -> Record:
    """The operation with what its attempts were answered."""
    known = next((outcome(answer.data["done"]) for answer in answers if answer.data is not None), None)
    if known is not None:
        fate = Fate.REFUSED if known["errors"] else Fate.ACKNOWLEDGED
    else:
        fate = Fate.UNKNOWN if any(answer.unknown for answer in answers) else Fate.FAILED
    return Record(
        operation.number,
        operation.kind,
        operation.input,
        operation.key,
        operation.addresses,
        fate,
        min(answer.sent for answer in answers),
        max(answer.answered for answer in answers),
        len(answers),
        known or {"codes": [answer.code for answer in answers]},
    )


class Journal:
    """All records, in memory and in a file."""

    def __init__(self, path: Path) -> None:
        self.records: list[Record] = []
        self._file = path.open("wb")

    def add(self, record: Record) -> None:
        """Writes one down."""
        self.records.append(record)
        self._file.write(orjson.dumps(record) + b"\n")

    def of(self, *kinds: str) -> Iterator[Record]:
        """The records of these mutations."""
        return (record for record in self.records if record.kind in kinds)

    def counts(self) -> dict[str, Counter[str]]:
        """How many of each kind had which fate."""
        counts: dict[str, Counter[str]] = {}
        for record in self.records:
            counts.setdefault(record.kind, Counter())[record.fate] += 1
        return counts

    def close(self) -> None:
        """Closes the file."""
        self._file.close()
