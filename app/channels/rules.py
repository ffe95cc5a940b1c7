"""What an address is, and what may arrive with it."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers

from app.channels.errors import (
    InvalidFields,
    InvalidTag,
    TextTooLong,
    TooManyFields,
    UnknownRegion,
)
from app.kinds import KINDS, ChannelKind
from app.nesting import MOST_LEVELS, too_deep

MOST_FIELDS = 64
MOST_FIELD_BYTES = 16 * 1024
LONGEST_KEY = 100
LARGEST_INTEGER = 2**53  # what JavaScript, and so JSON between programs, holds exactly (RFC 8259, 6)
MOST_TAGS = 100
LONGEST_TAG = 100
LONGEST_WORD = 64
RESERVED = frozenset(["email_address", "mobile_number", "customFields", "tags", "sourceDetail", "defaultRegion"]).union(
    *({kind.input, kind.consent_input} for kind in KINDS.values())
)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in the one normal form that its kind has."""

    kind: ChannelKind
    text: str


# ---- addresses


def address(kind: ChannelKind, text: str, *, region: str, field: Sequence[str]) -> Address:
    """The address in its normal form; a number without a country code is read in the region (ISO 3166).

    Raises the refusal of its kind, such as InvalidEmail or InvalidPhone.
    """
    return Address(kind, KINDS[kind].normal(text, region, field))


def region(text: str, *, field: Sequence[str]) -> str:
    """The region in capitals (ISO 3166). Raises UnknownRegion."""
    code = text.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise UnknownRegion(text, field=field)
    return code


def sealed(address: Address) -> bytes:
    """What the keyed hash of an address is over, by which it is known once it is deleted or erased."""
    return f"address {address.kind} {address.text}".encode()


def masked(address: Address) -> str:
    """An address as its owner knows it again and nobody else learns it."""
    return KINDS[address.kind].masked(address.text)


def time_zones(address: Address) -> str | None:
    """The time zones (IANA) that an address tells of, joined by `&`; None where it tells none."""
    return "&".join(KINDS[address.kind].time_zones(address.text)) or None


# ---- what arrives with a channel


def custom_fields(given: Any, *, field: Sequence[str]) -> dict[str, Any]:
    """The fields, checked: an object of at most 64 keys and 16 KB. Raises InvalidFields or TooManyFields."""
    if not isinstance(given, dict):
        raise InvalidFields('Custom fields are an object, such as {"first_name": "Ada"}.', field=field)
    if len(given) > MOST_FIELDS:
        raise TooManyFields(f"There are {len(given)} custom fields; at most {MOST_FIELDS} are kept.", field=field)
    for key, value in given.items():
        check_key(key, field=(*field, key))
        _check_depth(value, field=(*field, key))
        _check_numbers(value, field=(*field, key))
    size = len(json.dumps(given, ensure_ascii=False, separators=(",", ":")).encode())
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


# ---- field values

#: A patch of field values: when, by which channel (creation time and id), and what.
Patch = tuple[datetime, tuple[datetime, UUID], UUID, Mapping[str, Any]]


def winners(patches: Iterable[Patch]) -> dict[str, Any]:
    """Per key the newest value; at equal times the older channel's, then the patch written last. A null is a value."""
    newest: dict[str, tuple[Any, Any]] = {}
    for at, (born, channel_id), patch_id, fields in patches:
        rank = (at, _older_first(born, channel_id), patch_id)
        for key, value in fields.items():
            if key not in newest or newest[key][0] < rank:
                newest[key] = rank, value
    return {key: value for key, (_, value) in newest.items()}


def same_value(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; to Python, true would be 1."""
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(same_value, one, other))
        case _:
            return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)


def _older_first(born: datetime, channel_id: UUID) -> tuple[float, int]:
    return -born.timestamp(), -channel_id.int


# ---- words to be found by


def plain(text: str) -> str:
    """The text without case and accents, as words are stored and sought."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(address: Address) -> set[str]:
    """The words by which an address is found."""
    return {word[:LONGEST_WORD] for word in KINDS[address.kind].words(plain(address.text))}


def words_of_names(fields: Mapping[str, Any]) -> set[str]:
    """The words of the names among these fields."""
    names = [fields.get(key) for key in ("first_name", "last_name")]
    texts = [plain(name) for name in names if isinstance(name, str)]
    return {word[:LONGEST_WORD] for text in texts for word in words_in(text)}


def words_in(text: str) -> list[str]:
    """The words of a text: what stands between spaces and marks."""
    return "".join(c if c.isalnum() else " " for c in text).split()


def sought(search: str) -> list[str]:
    """The beginnings of words that a search asks for; all must be found. A number may be written as people do."""
    text = plain(search)
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 3 and not any(c.isalpha() or c == "@" for c in text):
        return [digits]
    terms = [term for word in text.split() for term in ([word] if "@" in word or "." in word else words_in(word))]
    return [term[:LONGEST_WORD] for term in terms]
