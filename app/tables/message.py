"""Messages to contacts, from the moment they are to be sent."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlmodel import Field

from app.db.types import Id, Json, Time
from app.tables.base import Row, belongs_to, valid_json, within


class MessagePurpose(StrEnum):
    """What a message is for: marketing needs an opt-in, transactional does not."""

    MARKETING = "MARKETING"
    TRANSACTIONAL = "TRANSACTIONAL"


class MessageStatus(StrEnum):
    """Where a message stands. CLAIMED: a worker is sending it."""

    QUEUED = "QUEUED"
    CLAIMED = "CLAIMED"
    SENT = "SENT"
    FAILED = "FAILED"
    SUPPRESSED = "SUPPRESSED"


class Message(Row, table=True):
    """A message to the address of a channel.

    `is_reply`: the one answer that a person's own message may get, which no gate holds. `reasons` are why it was
    suppressed. A claim holds until `leased_until`.
    """

    channel_id: UUID = Field(sa_type=Id)
    purpose: MessagePurpose = Field(sa_type=String)
    topic_id: UUID | None = Field(sa_type=Id)
    is_reply: bool
    subject: str | None
    body: str
    status: MessageStatus = Field(sa_type=String)
    reasons: list[str] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=Time)
    due_at: datetime = Field(sa_type=Time)
    leased_until: datetime | None = Field(sa_type=Time)
    attempts: int
    sent_at: datetime | None = Field(sa_type=Time)
    provider_id: str | None
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        belongs_to("topic_id", "topic"),
        Index("message_channel", "account_id", "channel_id", sql("created_at DESC"), sql("id DESC")),
        Index(
            "message_due",
            "account_id",
            "due_at",
            "id",
            sqlite_where=sql("status IN ('QUEUED', 'CLAIMED')"),
            postgresql_where=sql("status IN ('QUEUED', 'CLAIMED')"),
        ),
        within("purpose", MessagePurpose),
        within("status", MessageStatus),
        valid_json("reasons"),
    )
