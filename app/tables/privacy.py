"""What stays of contacts that were deleted or erased: nothing that says who they were."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.kinds import ChannelKind
from app.tables.base import IntakeMethod, Row, belongs_to, valid_json, within
from app.tables.consent import LedgerAct


class SuppressionReason(StrEnum):
    """Why an address is not to be used."""

    ERASED = "ERASED"
    OPTED_OUT = "OPTED_OUT"


class Suppression(SQLModel, table=True):
    """An address that is not to be used, known only by a keyed hash."""

    account_id: int = Field(primary_key=True, sa_type=Integer)
    digest: str = Field(primary_key=True)
    reason: SuppressionReason = Field(sa_type=String)
    at: datetime = Field(sa_type=Time)
    __table_args__ = (within("reason", SuppressionReason),)


class RemovedChannel(Row, table=True):
    """A channel that was deleted or erased: its address as a keyed hash, how its ledger ended, and anonymous counts.

    `forgotten_at`: since when the provider of messages keeps nothing of it either.
    """

    __tablename__ = "removed_channel"
    kind: ChannelKind = Field(sa_type=String)
    digest: str
    at: datetime = Field(sa_type=Time)
    consent_count: int
    consent_head: str | None
    engagements: dict[str, Any] = Field(sa_type=Json)
    forgotten_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        Index(
            "removed_channel_kept",
            "at",
            sqlite_where=sql("forgotten_at IS NULL"),
            postgresql_where=sql("forgotten_at IS NULL"),
        ),
        within("kind", ChannelKind),
        valid_json("engagements"),
    )


class RemovedRecord(Row, table=True):
    """The skeleton of a ledger's entry, as proof: what, when, how, and the digests."""

    __tablename__ = "removed_record"
    channel_id: UUID = Field(sa_type=Id)
    topic_id: UUID | None = Field(sa_type=Id)
    number: int
    act: LedgerAct = Field(sa_type=String)
    time_given: bool
    method: IntakeMethod = Field(sa_type=String)
    occurred_at: datetime = Field(sa_type=Time)
    recorded_at: datetime = Field(sa_type=Time)
    digest: str
    previous_digest: str | None
    __table_args__ = (
        UniqueConstraint("account_id", "channel_id", "number"),
        belongs_to("channel_id", "removed_channel"),
        within("act", LedgerAct),
        within("method", IntakeMethod),
    )


class RemovedMerge(Row, table=True):
    """A merge that cannot be undone any more, for the data that it joined is gone."""

    __tablename__ = "removed_merge"
    at: datetime = Field(sa_type=Time)
