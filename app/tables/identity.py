"""The evidence that channels are one person's, and what it merged."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Integer, String
from sqlmodel import Field, SQLModel

from app.db.types import Id, Time
from app.tables.base import IntakeMethod, Row, belongs_to, within


class LinkTrust(StrEnum):
    """How far the evidence is to be trusted."""

    TRUSTED = "TRUSTED"
    CLAIMED = "CLAIMED"


class Link(Row, table=True):
    """Evidence that two channels are one person's; in force until retracted."""

    first_channel_id: UUID = Field(sa_type=Id)
    second_channel_id: UUID = Field(sa_type=Id)
    at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    actor: str
    trust: LinkTrust = Field(sa_type=String)
    retracted_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("first_channel_id", "channel"),
        belongs_to("second_channel_id", "channel"),
        Index("link_first", "account_id", "first_channel_id"),
        Index("link_second", "account_id", "second_channel_id"),
        within("method", IntakeMethod),
        within("trust", LinkTrust),
    )


class Merge(Row, table=True):
    """A link that joined two profiles: which one went on, and which one was absorbed."""

    link_id: UUID = Field(sa_type=Id)
    survivor_id: UUID = Field(sa_type=Id)
    absorbed_id: UUID = Field(sa_type=Id)
    at: datetime = Field(sa_type=Time)
    actor: str
    reason: str
    undone_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (belongs_to("link_id", "link"), Index("merge_link", "account_id", "link_id"))


class MergeChannel(SQLModel, table=True):
    """A channel that came with the absorbed profile."""

    __tablename__ = "merge_channel"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    merge_id: UUID = Field(primary_key=True, sa_type=Id)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    __table_args__ = (belongs_to("merge_id", "merge"), belongs_to("channel_id", "channel"))
