"""What an address is, and what may arrive with it."""

import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult, timezone

from app.channels.errors import (
    InvalidEmail,
    InvalidFields,
    InvalidPhone,
    InvalidTag,
    TextTooLong,
    TooManyFields,
    UnknownRegion,
)
from app.tables import ChannelKind

MOST_FIELDS = 64
MOST_FIELD_BYTES = 16 * 1024
LONGEST_KEY = 100
LARGEST_INTEGER = 2**53  # what JavaScript, and so JSON between programs, holds exactly (RFC 8259, 6)
MOST_TAGS = 100
LONGEST_TAG = 100
LONGEST_WORD = 64
LONGEST_EMAIL = 320  # 64 and 255 bytes about the @ (RFC 5321, 4.5.3.1)
LONGEST_PHONE = 64
RESERVED = frozenset(
    [
        "email_address",
        "mobile_number",
        "emailAddress",
        "mobileNumber",
        "customFields",
        "tags",
        "sourceDetail",
        "defaultRegion",
        "smsConsent",
        "emailConsent",
    ]
)


@dataclass(frozen=True, slots=True)
class Address:
    """A normalised address: lower-case email with its domain in Unicode, or an E.164 number."""

    kind: ChannelKind
    text: str


# ---- addresses


def email(text: str, *, field: Sequence[str]) -> Address:
    """The email address in its one form (RFC 5321 and 6531, through email-validator). Raises InvalidEmail."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise InvalidEmail(str(error), field=field) from None
    return Address(ChannelKind.EMAIL, found.normalized.lower())


def mobile(text: str, *, region: str, field: Sequence[str]) -> Address:
    """The number as E.164, read in the region (ISO 3166) where it has no country code. Raises InvalidPhone."""
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        raise InvalidPhone("it has no digits that make a number", region, field=field) from None
    if number.extension:
        raise InvalidPhone("it has an extension, which no message reaches", region, field=field)
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone(reason_of(number), region, field=field)
    return Address(ChannelKind.SMS, phonenumbers.format_number(number, PhoneNumberFormat.E164))


def reason_of(number: phonenumbers.PhoneNumber) -> str:
    """Why libphonenumber calls the number invalid, in words."""
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT:
            return "it is too short"
        case ValidationResult.TOO_LONG:
            return "it is too long"
        case ValidationResult.INVALID_COUNTRY_CODE:
            return "its country code does not exist"
        case ValidationResult.IS_POSSIBLE:
            return "its length is right, but no such number is given out"
        case _:
            return "its length is wrong"


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
    """An address as its owner knows it again and nobody else learns it: a domain may be a name, too."""
    if address.kind is ChannelKind.SMS:
        return f"the number ending in {address.text[-2:]}"
    local, _, domain = address.text.rpartition("@")
    name, _, ending = domain.rpartition(".")
    return f"{local[:1]}***@{name[:1]}***.{ending}"


def time_zones(address: Address) -> str | None:
    """The time zones (IANA) of a number, joined by `&`, from libphonenumber's data; None where it tells none.

    A mobile number tells of its country or area code, not of where its owner is.
    """
    if address.kind is not ChannelKind.SMS:
        return None
    zones = timezone.time_zones_for_number(phonenumbers.parse(address.text))
    return "&".join(zone for zone in zones if zone != timezone.UNKNOWN_TIMEZONE) or None


# ---- what arrives with a channel


def custom_fields(given: Any, *, field: Sequence[str]) -> dict[str, Any]:
    """The fields, checked: an object of at most 64 keys and 16 KB. Raises InvalidFields or TooManyFields."""
    if not isinstance(given, dict):
        raise InvalidFields('Custom fields are an object, such as {"first_name": "Ada"}.', field=field)
    if len(given) > MOST_FIELDS:
        raise TooManyFields(f"There are {len(given)} custom fields; at most {MOST_FIELDS} are kept.", field=field)
    for key, value in given.items():
        check_key(key, field=(*field, key))
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
    """The words of an address: an email from each of its parts on, a number with and without its country code."""
    if address.kind is ChannelKind.SMS:
        national = str(phonenumbers.parse(address.text).national_number)
        return {address.text[1:], national}
    local, _, domain = plain(address.text).partition("@")
    starts = [0, *(place + 1 for place, c in enumerate(local) if not c.isalnum())]
    return {word[:LONGEST_WORD] for word in {domain, *(f"{local[start:]}@{domain}" for start in starts)}}


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
