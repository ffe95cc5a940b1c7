"""What happened on channels."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.kinds import EngagementKind
from app.tables.base import Row, belongs_to, valid_json, within

#: The kinds that a business does, not the person: they say nothing of when the person was last engaged.
DONE_TO_PERSON = (EngagementKind.SEND, EngagementKind.DELIVERY, EngagementKind.BOUNCE)
BY_PERSON = "kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')"


class BounceType(StrEnum):
    """Whether an address is gone or only hard to reach for now."""

    HARD = "HARD"
    SOFT = "SOFT"


class Engagement(Row, table=True):
    """Something that happened on a channel; it never leaves it."""

    channel_id: UUID = Field(sa_type=Id)
    kind: EngagementKind = Field(sa_type=String)
    occurred_at: datetime = Field(sa_type=Time)
    recorded_at: datetime = Field(sa_type=Time)
    external_id: str | None
    name: str | None
    url: str | None
    text: str | None
    value: float | None
    bounce_type: BounceType | None = Field(sa_type=String)
    properties: dict[str, Any] = Field(sa_type=Json)
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "external_id"),
        belongs_to("channel_id", "channel"),
        Index("engagement_channel", "account_id", "channel_id", sql("occurred_at DESC"), sql("id DESC")),
        Index("engagement_account", "account_id", sql("occurred_at DESC"), sql("id DESC")),
        within("kind", EngagementKind),
        within("bounce_type", BounceType),
        valid_json("properties"),
    )


class EngagementCount(SQLModel, table=True):
    """How often one kind of thing happened on a channel, and when first and last: kept with every row recorded."""

    __tablename__ = "engagement_count"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    kind: EngagementKind = Field(primary_key=True, sa_type=String)
    count: int
    first_at: datetime = Field(sa_type=Time)
    last_at: datetime = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        Index(
            "engagement_count_last",
            "account_id",
            "last_at",
            "channel_id",
            sqlite_where=sql(BY_PERSON),
            postgresql_where=sql(BY_PERSON),
        ),
        within("kind", EngagementKind),
        {"sqlite_with_rowid": False},
    )
