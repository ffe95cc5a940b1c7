"""A new contact, checked, and the rows that it becomes."""

import json
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import phonenumbers
from email_validator import EmailNotValidError, validate_email


class Refused(Exception):
    """Input that is wrong."""


@dataclass(frozen=True, slots=True)
class Channel:
    """An address, its new ids, and the words that it is found by."""

    kind: str
    address: str
    id: UUID
    home_id: UUID
    words: set[str]


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact and all that is written for it; the first channel is the older one, whose home is the profile."""

    at: datetime
    channels: list[Channel]
    own: Channel
    fields: dict[str, Any]
    display_name: str
    link_id: UUID
    patch_id: UUID
    fact_id: UUID

    @property
    def profile_id(self) -> UUID:
        """The new profile's id."""
        return self.channels[0].home_id

    @property
    def words(self) -> list[tuple[str, UUID]]:
        """Every word, with its channel."""
        found = [(word, channel.id) for channel in self.channels for word in channel.words]
        for name in (self.fields.get("first_name"), self.fields.get("last_name")):
            if isinstance(name, str):
                found += [(word[:64], self.own.id) for word in marks_out(plain(name)).split()]
        return list(dict.fromkeys(found))

    @property
    def fact(self) -> dict[str, Any]:
        """What is published about all channels, the contact's own first."""
        ids = [self.own.id, *(channel.id for channel in self.channels if channel is not self.own)]
        fact = {"channels": [f"channel_{id.hex}" for id in ids], "outcome": "CREATED"}
        return fact | ({"link": f"link_{self.link_id.hex}"} if len(ids) == 2 else {})

    @property
    def shown(self) -> dict[str, Any]:
        """The profile's custom fields."""
        return {key: value for key, value in self.fields.items() if value is not None}

    @property
    def answer(self) -> dict[str, Any]:
        """What the client is told."""
        linked = len(self.channels) == 2
        profile = {"id": f"profile_{self.profile_id.hex}", "displayName": self.display_name, "isLinked": linked}
        return {"profile": profile, "link": {"outcome": "CREATED"}, "userErrors": []}


def dumped(value: Any) -> str:
    """Compact JSON with sorted keys."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def uuid7(milliseconds: int) -> UUID:
    """A UUID version 7."""
    chance = int.from_bytes(secrets.token_bytes(10), "big")
    number = (milliseconds << 80) | (chance & ~((0xF << 76) | (0x3 << 62))) | (0x7 << 76) | (0x2 << 62)
    return UUID(int=number)


def plain(text: str) -> str:
    """The text without case and accents."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def marks_out(text: str) -> str:
    """The text with spaces for marks."""
    return text if text.isalnum() else "".join(c if c.isalnum() else " " for c in text)


def judged(body: Any, region: str) -> Contact:
    """The contact of a request's body. Raises Refused."""
    if not isinstance(body, dict) or not isinstance(body.get("mobileNumber"), str):
        raise Refused("mobileNumber is required")
    now = time.time()
    milliseconds = int(now * 1000)
    found = [_mobile(body["mobileNumber"], region)]
    if body.get("emailAddress"):
        found.append(_email(body["emailAddress"]))
    fields = _fields(body.get("customFields"))
    ids = sorted(uuid7(milliseconds) for _ in found)
    own, *others = (
        Channel(kind, address, id, uuid7(milliseconds), words)
        for (kind, address, words), id in zip(found, ids if secrets.randbits(1) else reversed(ids), strict=True)
    )
    names = [name for name in (fields.get("first_name"), fields.get("last_name")) if isinstance(name, str)]
    return Contact(
        datetime.fromtimestamp(now, UTC),
        sorted((own, *others), key=lambda channel: channel.id),
        own,
        fields,
        " ".join(names).strip() or (found[-1][1]),
        *(uuid7(milliseconds) for _ in range(3)),
    )


def _mobile(text: str, region: str) -> tuple[str, str, set[str]]:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise Refused("mobileNumber is no number") from None
    if number.extension or not phonenumbers.is_valid_number(number):
        raise Refused("mobileNumber is not valid")
    address = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return "SMS", address, {address[1:], str(number.national_number)}


def _email(text: Any) -> tuple[str, str, set[str]]:
    try:
        address = validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except (EmailNotValidError, AttributeError):
        raise Refused("emailAddress is not valid") from None
    local, _, domain = plain(address).partition("@")
    starts = [0, *(place + 1 for place, c in enumerate(local) if not c.isalnum())]
    return "EMAIL", address, {domain[:64], *(f"{local[start:]}@{domain}"[:64] for start in starts)}


def _fields(given: Any) -> dict[str, Any]:
    if given is None:
        return {}
    if not isinstance(given, dict) or len(given) > 64 or len(dumped(given).encode()) > 16 * 1024:
        raise Refused("customFields is not an object of at most 64 fields and 16 KB")
    return given
