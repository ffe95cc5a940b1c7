"""What the digest of a record is over, and whether a ledger is as it was written."""

import hmac
import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from app.db.types import printed
from app.tables import LedgerAct

#: What a record says, in the order in which a ledger is read to be proved.
SAID = (
    "id",
    "channel_id",
    "topic_id",
    "number",
    "act",
    "restored",
    "retracts",
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
PROVED = (*SAID, "digest", "previous_digest", "retracted_at")
LATER = frozenset({"topic_id", "restored", "retracts"})  # columns that came later are sealed where they say something
IDS, TIMES = ("id", "channel_id", "topic_id"), ("occurred_at", "recorded_at", "retracted_at")


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

    `rows` are its records in the order of their numbers, each with the columns of `PROVED`; `count` and `head` are what
    its channel keeps: how many there are, and the last digest. Since when a record counts as never said is not sealed
    with it, for that came later: the one that takes it back proves it.
    """
    try:
        records = [_read(row) for row in rows]
    except ValueError:  # not even written as we write
        return False
    retracted = {record["number"]: at for record in records if (at := record.pop("retracted_at"))}
    before = None
    for number, record in enumerate(records, 1):
        digest, previous = record.pop("digest"), record.pop("previous_digest")
        made = hmac.digest(secret, sealed_content(record, previous), sha256).hex()
        if record["number"] != number or previous != before or not hmac.compare_digest(made, digest):
            return False
        before = digest
    return len(rows) == count and before == head and retracted == _taken_back(records)


def _taken_back(records: Sequence[dict[str, Any]]) -> dict[int, datetime]:
    """Which opt-ins, by their numbers, later records take back, and when those were written."""
    seen: dict[int, dict[str, Any]] = {}
    found = {}
    for record in records:
        number, taken = record["number"], seen.pop(record["retracts"], None)
        if taken and record["act"] == LedgerAct.RETRACT and taken["topic_id"] == record["topic_id"]:
            found[taken["number"]] = record["recorded_at"]
        if record["act"] == LedgerAct.OPT_IN:
            seen[number] = record
    return found


def _read(row: Sequence[Any]) -> dict[str, Any]:
    """A record with the values that it was sealed with, of the JSON that the databases make of them.

    Raises ValueError where that is not how they are written.
    """
    record = dict(zip(PROVED, row, strict=True))
    for name in IDS:
        record[name] = record[name] and UUID(record[name])
    for name in TIMES:
        record[name] = record[name] and _time(record[name])
    record["time_given"] = bool(record["time_given"])
    return record


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    if text.endswith("Z") and text != printed(time):  # as SQLite holds it, to the letter
        raise ValueError(text)
    return time
