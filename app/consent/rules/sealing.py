"""What the digest of a record is over."""

import json
from datetime import datetime
from uuid import UUID


def sealed_content(record: dict[str, object], previous_digest: str | None) -> bytes:
    """What a record's digest is over: all that it says, and the digest before it."""
    said = {key: _spelled(value) for key, value in record.items()} | {"previous_digest": previous_digest}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _spelled(value: object) -> object:
    match value:
        case UUID():
            return value.hex
        case datetime():
            return value.isoformat(timespec="microseconds")
        case _:
            return value
