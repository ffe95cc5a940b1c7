"""Events that are recorded, and the contacts that they happen to: the same for every way of recording them."""

import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import orjson

from bench.stores import SQLiteStore, Store

KINDS = ("SEND", "DELIVERY", "OPEN", "CLICK")
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = 180 * 86400
PROPERTIES = {"list": "spring", "device": "phone"}
URL = "https://shop.example.com/products/42"
#: A profile with one channel for each number from 1: odd ones by email, even ones by SMS.
TIME = "2026-01-01T00:00:00.000000Z"
PROFILES = """
INSERT INTO profile (account_id, id, created_at, updated_at, method, display_name, custom_fields, tags, gdpr_applies)
SELECT 1, {id}, '{time}', '{time}', 'API', 'Somebody', '{{}}', '[]', {false} FROM numbers
"""
CHANNELS = """
INSERT INTO channel (account_id, id, home_id, profile_id, kind, address, created_at, updated_at, method, gdpr_applies,
  deliverability, consent_status, consent_count)
SELECT 1, {id}, {id}, {id}, CASE WHEN i % 2 = 1 THEN 'EMAIL' ELSE 'SMS' END,
  CASE WHEN i % 2 = 1 THEN 'p' || i || '@example.com' ELSE '+1415' || (2000000 + i) END,
  '{time}', '{time}', 'API', {false}, 'ACTIVE', 'NOT_COLLECTED', 0 FROM numbers
"""


class Event(NamedTuple):
    """Something that happens to a contact, by the contact's number."""

    contact: int
    kind: str
    at: datetime
    external_id: str


def events(count: int, contacts: int, seed: int = 7, *, in_order: bool = False) -> list[Event]:
    """So many events, in no order of time unless they are to be `in_order`; their ids as long as providers' are."""
    drawn = random.Random(seed)
    found = []
    for number in range(count):
        contact = drawn.randrange(contacts) + 1
        kind = KINDS[number % 4] if contact % 2 else KINDS[number % 2]
        microseconds = number * SECONDS * 10**6 // count if in_order else drawn.randrange(SECONDS * 10**6)
        at = BEGAN + timedelta(microseconds=microseconds)
        found.append(Event(contact, kind, at, f"{drawn.getrandbits(96):024x}"))
    return found


def id_of(contact: int) -> bytes:
    """The id of a contact's channel, and of its profile."""
    return f"{contact:016d}".encode()


def reported(event: Event, number: int) -> dict[str, Any]:
    """The event as the API takes it; a third is by the channel's id."""
    if number % 3 == 0:
        contact = {"channelId": f"channel_{id_of(event.contact).hex()}"}
    elif event.contact % 2:
        contact = {"emailAddress": f"p{event.contact}@example.com"}
    else:
        contact = {"mobileNumber": f"+1415{2000000 + event.contact}"}
    told = {"contact": contact, "kind": event.kind, "externalId": event.external_id, "occurredAt": printed(event.at)}
    return told | {"url": URL, "properties": PROPERTIES}


def printed(at: datetime) -> str:
    """A time as SQLite has it, and as the API prints it."""
    return at.isoformat(timespec="microseconds")[:-6] + "Z"


COLUMNS = (
    "account_id", "id", "channel_id", "kind", "occurred_at", "recorded_at", "external_id", "name", "url", "text",
    "value", "bounce_type", "properties",
)  # fmt: skip


def rows(found: Sequence[Event], dialect: str) -> Iterator[tuple[Any, ...]]:
    """The rows that recording makes of them, as the driver takes them; ids that sort by time, as the product's do."""
    lite = dialect == "sqlite"
    properties = orjson.dumps(PROPERTIES).decode()
    for number, event in enumerate(found):
        id = (0x019B << 112 | 0x7 << 76 | 0x2 << 62 | number).to_bytes(16, "big")
        ids = (id, id_of(event.contact)) if lite else (UUID(bytes=id), UUID(bytes=id_of(event.contact)))
        times = (printed(event.at), TIME) if lite else (event.at, BEGAN)
        yield (1, *ids, event.kind, *times, event.external_id, None, URL, None, None, None, properties)


async def fill(store: Store, contacts: int) -> None:
    """Adds the contacts to a database that has one account."""
    if isinstance(store, SQLiteStore):
        numbers = f"WITH numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < {contacts})"
        parts = {"id": "CAST(printf('%016d', i) AS BLOB)", "time": TIME, "false": "0"}
        with closing(sqlite3.connect(store.file)) as connection, connection:
            for statement in (PROFILES, CHANNELS):
                connection.execute(f"{numbers} {statement.format(**parts)}")
        return
    id = "encode(convert_to(lpad(i::text, 16, '0'), 'UTF8'), 'hex')::uuid"
    parts = {"id": id, "time": TIME, "false": "false"}
    postgresql = await asyncpg.connect(store.url)
    try:
        await postgresql.execute("SET session_replication_role = replica")
        for statement in (PROFILES, CHANNELS):
            numbered = statement.replace("FROM numbers", f"FROM generate_series(1, {contacts}) AS numbers(i)")
            await postgresql.execute(numbered.format(**parts))
        await postgresql.execute("VACUUM ANALYZE")
    finally:
        await postgresql.close()
