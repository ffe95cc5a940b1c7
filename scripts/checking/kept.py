"""What an account holds, told without the ids and times that differ from one run to another."""

from collections import Counter
from typing import Any
from uuid import UUID

from sqlalchemy import select

from app.db import Reader, entity, selecting
from app.tables import (
    Channel,
    ChannelTag,
    ChannelWord,
    ConsentRecord,
    FactChannel,
    FieldPatch,
    Import,
    ImportMistake,
    Link,
    LinkProposal,
    Merge,
    Profile,
)

#: The columns that are told, by table; an id of a channel is told by its address.
TOLD: dict[Any, tuple[str, ...]] = {
    Channel: ("kind", "address", "method", "detail", "deliverability", "consent_status", "consent_count", "time_zones"),
    Profile: ("display_name", "email_channel_id", "sms_channel_id", "custom_fields", "tags", "method", "detail"),
    FieldPatch: ("channel_id", "method", "detail", "fields"),
    ChannelTag: ("channel_id", "tag", "method"),
    ChannelWord: ("channel_id", "word"),
    Link: ("first_channel_id", "second_channel_id", "method", "detail", "trust"),
    LinkProposal: ("first_channel_id", "second_channel_id", "reason", "resolution"),
    Merge: ("reason",),
    ConsentRecord: ("channel_id", "number", "act", "time_given", "disclosure", "source_detail", "retracts"),
    ImportMistake: ("row", "place", "line", "column", "code", "message", "raw", "email", "mobile"),
    Import: ("file_name", "status", "bytes_total", "bytes_read", "line", "rows", "failed", "undoing"),
    FactChannel: ("channel_id",),
}


async def kept(reader: Reader) -> dict[str, Counter[str]]:
    """The rows of each table, each as text, and how often it is there."""
    channel = entity(Channel)
    names = dict(await reader.fetch(selecting(lambda id, address: (id, address), select(channel.id, channel.address))))
    found = {}
    for of, columns in TOLD.items():
        row = entity(of)
        rows = await reader.fetch(selecting(lambda *row: row, select(*(getattr(row, name) for name in columns))))
        found[of.__name__] = Counter(_told(values, names) for values in rows)
    return found


def _told(values: tuple[Any, ...], names: dict[UUID, str]) -> str:
    return repr([names.get(value, "?") if isinstance(value, UUID) else value for value in values])
