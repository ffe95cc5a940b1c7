"""What may arrive with a channel: its limits."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from app.channels.errors import InvalidFields, InvalidTag, TextTooLong, TooManyFields
from app.kinds import KINDS
from app.nesting import MOST_LEVELS, too_deep

MOST_FIELDS = 64
MOST_FIELD_BYTES = 16 * 1024
LONGEST_KEY = 100
LARGEST_INTEGER = 2**53  # what JavaScript, and so JSON between programs, holds exactly (RFC 8259, 6)
MOST_TAGS = 100
LONGEST_TAG = 100
RESERVED = frozenset(["email_address", "mobile_number", "customFields", "tags", "sourceDetail", "defaultRegion"]).union(
    *({kind.input, kind.consent_input} for kind in KINDS.values())
)


def custom_fields(given: Any, *, field: Sequence[str]) -> dict[str, Any]:
    """The fields, checked: an object of at most 64 keys and 16 KB. Raises InvalidFields or TooManyFields."""
    if not isinstance(given, dict):
        raise InvalidFields('Custom fields are an object, such as {"first_name": "Ada"}.', field=field)
    if len(given) > MOST_FIELDS:
        raise TooManyFields(f"There are {len(given)} custom fields; at most {MOST_FIELDS} are kept.", field=field)
    for key, value in given.items():
        place = (*field, key)
        check_key(key, field=place)
        if type(value) is not str:
            _check_depth(value, field=place)
            _check_numbers(value, field=place)
    size = len(orjson.dumps(given))
    if size > MOST_FIELD_BYTES:
        message = f"The custom fields take {size} bytes; at most {MOST_FIELD_BYTES} are kept."
        raise TooManyFields(message, field=field)
    return given


def check_key(key: str, *, field: Sequence[str]) -> None:
    """Raises InvalidFields where a custom field may not have that key."""
    if not key.strip() or len(key) > LONGEST_KEY:
        raise InvalidFields(f"The key of a custom field has 1 to {LONGEST_KEY} characters.", field=field)
    if key in RESERVED:
        raise InvalidFields(f"'{key}' is not a custom field but an input of its own; give it there.", field=field)


def _check_depth(value: Any, *, field: Sequence[str]) -> None:
    if too_deep(value):
        told = f"Custom fields nest at most {MOST_LEVELS} lists and objects within each other; make this one flatter."
        raise InvalidFields(told, field=field)


def _check_numbers(value: Any, *, field: Sequence[str]) -> None:
    match value:
        case bool():
            return
        case int() if abs(value) > LARGEST_INTEGER:
            raise InvalidFields("Numbers beyond 2^53 lose digits on the way; give this one as text.", field=field)
        case dict() | list():
            for item in value.values() if isinstance(value, dict) else value:
                _check_numbers(item, field=field)


def tags(given: Iterable[str], *, field: Sequence[str]) -> list[str]:
    """The tags, trimmed, each once, in order of the alphabet. Raises InvalidTag."""
    found = sorted({tag.strip() for tag in given})
    if len(found) > MOST_TAGS:
        raise InvalidTag(f"There are {len(found)} tags; at most {MOST_TAGS} are kept.", field=field)
    if any(not 1 <= len(tag) <= LONGEST_TAG for tag in found):
        raise InvalidTag(f"A tag has 1 to {LONGEST_TAG} characters.", field=field)
    return found


def text(given: str | None, limit: int, *, field: Sequence[str]) -> str | None:
    """The text, if it is within its limit in characters. Raises TextTooLong."""
    if given is not None and len(given) > limit:
        raise TextTooLong(limit, field=field)
    return given
