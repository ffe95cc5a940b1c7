"""What an address is, and the words by which it is found."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import phonenumbers

from app.channels.errors import UnknownRegion
from app.kinds import KINDS, ChannelKind

LONGEST_WORD = 64


class Address(NamedTuple):
    """An address in the one normal form that its kind has."""

    kind: ChannelKind
    text: str


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


# ---- words to be found by


def plain(text: str) -> str:
    """The text without case and accents, as words are stored and sought."""
    if text.isascii():  # has neither accents nor letters that are written in several ways
        return text.lower()
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
