"""What a key is, and what of a call makes it the same call."""

import json
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from app.idempotency.errors import InvalidKey

LONGEST_KEY = 255
KEPT = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Call:
    """A change that is asked for under a key: which one of the request, and a digest of its content."""

    key: str
    field: str
    fingerprint: str


def checked(key: str) -> str:
    """The key, if it can be kept. Raises InvalidKey."""
    if not (1 <= len(key) <= LONGEST_KEY and all("!" <= c <= "~" for c in key)):
        raise InvalidKey(LONGEST_KEY)
    return key


def fingerprint(name: str, content: Any) -> str:
    """A digest of a change and its content, which is plain JSON but for what prints itself, such as times."""
    text = json.dumps([name, content], ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()
