"""What the objects of several types share."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from tests.reading.world import Row

Object = dict[str, Any]
#: The object types that have ids, as the ids spell them.
SPELLED = {
    "Account": "account",
    "AuditEntry": "audit_entry",
    "Channel": "channel",
    "ConsentRecord": "consent_record",
    "Engagement": "engagement",
    "Form": "form",
    "Import": "import",
    "Link": "link",
    "LinkProposal": "link_proposal",
    "NeverLink": "never_link",
    "Profile": "profile",
    "ProfileMerge": "profile_merge",
    "Topic": "topic",
    "Keyword": "keyword",
}


@dataclass(frozen=True, slots=True)
class Json:
    """A value of the scalar JSON: within it, the order of keys and the spelling of numbers do not count."""

    value: Any


class Link(str):
    """A signed link: what it is for (of a form, with its id), and the channel, or what else it is about.

    How it is signed depends on when, so it is read, not compared.
    """

    __slots__ = ()

    def __new__(cls, purpose: str, account_id: int, id: UUID) -> "Link":
        """A link of that account for that channel, or whatever has the id."""
        return super().__new__(cls, f"{purpose} {account_id} {id.hex}")


def node(type_name: str, id: UUID) -> Object:
    """What every object with an id has."""
    return {"__typename": type_name, "id": f"{SPELLED[type_name]}_{id.hex}"}


def source(row: Row, at: datetime) -> Object:
    """The type Source."""
    return {"method": row["method"], "detail": row["detail"], "at": printed(at)}


def json(value: Any) -> Json | None:
    """A JSON value, where it may be null."""
    return None if value is None else Json(value)


def printed(at: datetime | None) -> str | None:
    """A moment as the API prints it: in UTC, six digits, Z."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def age(channel: Row) -> tuple[datetime, UUID]:
    """Sorts channels from the oldest."""
    return channel["created_at"], channel["id"]


def by_id(rows: Iterable[Row]) -> dict[UUID, Row]:
    """The rows by their ids."""
    return {row["id"]: row for row in rows}


def in_time(rows: Iterable[Row]) -> list[Row]:
    """The rows from the oldest."""
    return sorted(rows, key=lambda row: (row["at"], row["id"]))


def same_json(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: numbers as IEEE 754 doubles (RFC 8259, 6), objects in any order."""
    match one, other:
        case (dict(), dict()):
            return one.keys() == other.keys() and all(same_json(one[key], other[key]) for key in one)
        case (list(), list()):
            return len(one) == len(other) and all(map(same_json, one, other))
        case (bool(), _) | (_, bool()):
            return one is other
        case (int() | float(), int() | float()):
            return float(one) == float(other)
        case _:
            return type(one) is type(other) and bool(one == other)
