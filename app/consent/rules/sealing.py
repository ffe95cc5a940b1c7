"""What the digest of a record is over, and whether a ledger is as it was written."""

import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.db.types import printed

#: What a record says, in the order in which a ledger is read to be proved.
SAID = (
    "id",
    "channel_id",
    "topic_id",
    "number",
    "act",
    "restored",
    "time_given",
    "method",
    "occurred_at",
    "recorded_at",
    "actor",
    "source_url",
    "ip_address",
    "user_agent",
    "disclosure",
    "source_detail",
)
SEALED = (*SAID, "digest", "previous_digest")
LATER = frozenset({"topic_id", "restored"})  # columns that came later are sealed where they say something
IDS, TIMES = ("id", "channel_id", "topic_id"), ("occurred_at", "recorded_at")


def sealed_content(record: dict[str, object], previous_digest: str | None) -> bytes:
    """What a record's digest is over: all that it says, and the digest before it."""
    said = {key: _spelled(value) for key, value in record.items() if value is not None or key not in LATER}
    said["previous_digest"] = previous_digest
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _spelled(value: object) -> object:
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.isoformat(timespec="microseconds")
        case _:
            return value


def intact(secret: bytes, count: int, head: str | None, rows: Sequence[Sequence[Any]]) -> bool:
    """Whether a ledger is as it was written: nothing changed, added, reordered, removed or cut off.

    `rows` are its records in the order of their numbers, each with the columns of `SEALED`; `count` and `head` are what
    its channel keeps: how many there are, and the last digest.
    """
    before = None
    for number, row in enumerate(rows, 1):
        try:
            record = _read(row)
        except ValueError:  # not even written as we write
            return False
        digest, previous = record.pop("digest"), record.pop("previous_digest")
        made = hmac.digest(secret, sealed_content(record, previous), sha256).hex()
        if record["number"] != number or previous != before or not hmac.compare_digest(made, digest):
            return False
        before = digest
    return len(rows) == count and before == head


def _read(row: Sequence[Any]) -> dict[str, Any]:
    """A record with the values that it was sealed with, of the JSON that the databases make of them.

    Raises ValueError where that is not how they are written.
    """
    record = dict(zip(SEALED, row, strict=True))
    for name in IDS:
        record[name] = record[name] and UUID(record[name])
    for name in TIMES:
        record[name] = _time(record[name])
    record["time_given"] = bool(record["time_given"])
    return record


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if text.endswith("Z") and text != printed(time):  # as SQLite holds it, to the letter
        raise ValueError(text)
    return time
