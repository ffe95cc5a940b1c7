"""Global ids: readable, typed, and no secret: the name of the type and the hex digits of a UUID."""

import re
from uuid import UUID

from asyncpg.pgproto import pgproto

_HEX = re.compile(r"[0-9a-f]{32}")


def uuid_of_bytes(content: bytes) -> UUID:
    """The UUID of 16 bytes, as the driver of PostgreSQL makes them.

    It equals Python's own, and is made in a tenth of the time and hashed in a third.
    """
    return pgproto.UUID(content)  # type: ignore[no-any-return]


def prefix(type_name: str) -> str:
    """How the ids of a type begin: `ConsentRecord` becomes `consent_record`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type_name).lower()


def spelled(type_name: str, id: UUID) -> str:
    """The id as clients see it."""
    return f"{prefix(type_name)}_{id.hex}"


def parsed(id: str) -> tuple[str, UUID] | None:
    """The beginning and the UUID of an id; None where it is malformed."""
    start, _, digits = id.rpartition("_")
    return (start, UUID(hex=digits)) if start and _HEX.fullmatch(digits) else None


def uuid_of(id: str, type_name: str) -> UUID | None:
    """The UUID of an id of that type; None where it is malformed or of another type."""
    found = parsed(id)
    return found[1] if found and found[0] == prefix(type_name) else None
