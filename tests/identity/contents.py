"""The model of one address and of what hangs on it, for good."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

ROLES = ("info@", "sales@", "support@")
PLACEHOLDERS = frozenset(["none@none.com", "test@test.com", "noreply@example.com", "1111111111", "1234567890"])


class Value(NamedTuple):
    """A field value: when it came, and what it is; None clears."""

    at: datetime
    value: Any


class Consent(NamedTuple):
    """A consent as it is given: the act, and whether it names its own time, which is now."""

    act: str
    timed: bool = False


class Entry(NamedTuple):
    """A consent in a ledger. In order of time, and on a tie opting out is last, so that it wins."""

    at: datetime
    is_out: bool
    timed: bool


@dataclass(eq=False)
class Channel:
    """One address. Its id, and the profile id that it was born with, are whatever the product makes them."""

    address: str
    born: datetime
    id: str = ""
    home: str = ""
    values: dict[str, Value] = field(default_factory=dict)
    tags: set[str] = field(default_factory=set)
    ledger: list[Entry] = field(default_factory=list)
    engagements: list[str] = field(default_factory=list)
    gdpr_applies: bool = False
    preferred_at: datetime | None = None
    expired_at: datetime | None = None

    @property
    def kind(self) -> str:
        """By what it is reached."""
        return kind_of(self.address)

    @property
    def age(self) -> tuple[datetime, str]:
        """Sorts channels from the oldest."""
        return self.born, self.id

    @property
    def is_role(self) -> bool:
        """Whether several people read it."""
        return self.address.startswith(ROLES)

    @property
    def consent(self) -> str:
        """What its ledger says: an opt-in beats an opt-out only with its own, later time."""
        status = "NOT_COLLECTED"
        for entry in sorted(self.ledger):
            if entry.is_out:
                status = "OPTED_OUT"
            elif entry.timed or status != "OPTED_OUT":
                status = "OPTED_IN"
        return status

    def give(self, consent: Consent, at: datetime) -> bool:
        """Puts a consent into the ledger; whether it was taken. An opt-in ends an expiry that is older than it."""
        if consent == Consent("OPT_IN") and self.consent == "OPTED_OUT":
            return False
        self.ledger.append(Entry(at, consent.act == "OPT_OUT", consent.timed))
        if self.consent == "OPTED_IN" and self.expired_at and at > self.expired_at:
            self.expired_at = None
        return True


def kind_of(address: str) -> str:
    """By what an address is reached."""
    return "EMAIL" if "@" in address else "SMS"


def oldest_first(channels: Iterable[Channel]) -> list[Channel]:
    """The channels by age."""
    return sorted(channels, key=lambda channel: channel.age)


def winners(channels: Iterable[Channel]) -> dict[str, tuple[Channel, Value]]:
    """What a profile shows of each field: the newest value; at equal times the older channel's."""
    found: dict[str, tuple[Channel, Value]] = {}
    for channel in oldest_first(channels):
        for key, value in channel.values.items():
            if key not in found or found[key][1].at < value.at:
                found[key] = channel, value
    return found


def put(channel: Channel, profile: Iterable[Channel], fields: Mapping[str, Any], at: datetime) -> None:
    """Puts those values on the channel that say something new: to it, or to those who look at its profile."""
    shown = {key: value for key, (_, value) in winners(profile).items()}
    for key, value in fields.items():
        if not (_says(channel.values, key, value) and _says(shown, key, value)):
            channel.values[key] = Value(at, value)


def _says(values: Mapping[str, Value], key: str, value: Any) -> bool:
    return (key in values and values[key].value == value) or (key not in values and value is None)


def replace_tags(profile: list[Channel], tags: Iterable[str]) -> None:
    """Makes these the tags of the profile: the others go, those that are new hang on its oldest channel."""
    wanted = set(tags)
    known = {tag for channel in profile for tag in channel.tags}
    for channel in profile:
        channel.tags &= wanted
    profile[0].tags |= wanted - known


def primary(channels: list[Channel], kind: str) -> Channel | None:
    """The primary channel of a kind: the newest explicit choice, else the oldest."""
    known = [channel for channel in channels if channel.kind == kind]
    chosen = [channel for channel in known if channel.preferred_at]
    if chosen:
        return max(chosen, key=lambda channel: str(channel.preferred_at))
    return known[0] if known else None


def display_name(channels: list[Channel]) -> str:
    """First and last name where they are known, else the best address."""
    shown = winners(channels)
    names = [shown[key][1].value or "" for key in ("first_name", "last_name") if key in shown]
    best = primary(channels, "EMAIL") or primary(channels, "SMS")
    return " ".join(filter(None, names)) or (best.address if best else "")
