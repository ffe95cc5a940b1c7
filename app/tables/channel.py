"""Addresses, and what arrived with them. Everything hangs on a channel, for good."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.kinds import ChannelKind
from app.tables.base import IntakeMethod, Row, belongs_to, valid_json, within


class ConsentStatus(StrEnum):
    """What the fold of a channel's ledger says."""

    NOT_COLLECTED = "NOT_COLLECTED"
    PENDING = "PENDING"
    OPTED_IN = "OPTED_IN"
    OPTED_OUT = "OPTED_OUT"


class Deliverability(StrEnum):
    """Whether messages arrive; apart from consent."""

    ACTIVE = "ACTIVE"
    HELD = "HELD"
    EXPIRED = "EXPIRED"
    BANNED = "BANNED"


class Channel(Row, table=True):
    """One address. `home_id` is the profile id it was born with, `profile_id` the profile it is in now.

    The consent columns are the maintained fold of its ledger; `consent_count` and `consent_head` show a cut-off.
    `time_zones` are those of a number, joined by `&`; NULL where it tells none. `suppressed_at`: it came back after a
    contact who had opted out was deleted. `held_at`: since when its bounces hold it, NULL where HELD is an act;
    `released_at`: when it was last made ACTIVE by an act, before which no bounce counts.
    """

    account_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=[ForeignKey("account.account_id")])
    home_id: UUID = Field(sa_type=Id)
    profile_id: UUID = Field(sa_type=Id)
    kind: ChannelKind = Field(sa_type=String)
    address: str
    created_at: datetime = Field(sa_type=Time)
    updated_at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    gdpr_applies: bool
    restricted_at: datetime | None = Field(sa_type=Time)
    primary_since: datetime | None = Field(sa_type=Time)
    verified_at: datetime | None = Field(sa_type=Time)
    deliverability: Deliverability = Field(sa_type=String)
    deliverability_since: datetime | None = Field(sa_type=Time)
    deliverability_reason: str | None
    consent_status: ConsentStatus = Field(sa_type=String)
    consent_at: datetime | None = Field(sa_type=Time)
    consent_record_id: UUID | None = Field(sa_type=Id)
    consent_count: int
    consent_head: str | None
    time_zones: str | None
    suppressed_at: datetime | None = Field(sa_type=Time)
    held_at: datetime | None = Field(sa_type=Time)
    released_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        UniqueConstraint("account_id", "kind", "address"),
        UniqueConstraint("account_id", "home_id"),
        belongs_to("profile_id", "profile", deferred=True),
        Index("channel_profile", "account_id", "profile_id", "kind", "created_at", "id"),
        Index("channel_state", "account_id", "kind", "consent_status", "deliverability"),
        within("kind", ChannelKind),
        within("method", IntakeMethod),
        within("deliverability", Deliverability),
        within("consent_status", ConsentStatus),
    )


class FieldPatch(Row, table=True):
    """Custom fields that arrived together by one channel; a null clears. Appended, never rewritten."""

    __tablename__ = "field_patch"
    channel_id: UUID = Field(sa_type=Id)
    at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    fields: dict[str, Any] = Field(sa_type=Json)
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        Index("field_patch_channel", "account_id", "channel_id"),
        within("method", IntakeMethod),
        valid_json("fields"),
    )


class ChannelTag(SQLModel, table=True):
    """A tag that was added with a channel, and how."""

    __tablename__ = "channel_tag"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    tag: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    __table_args__ = (belongs_to("channel_id", "channel"), within("method", IntakeMethod))


class ChannelWord(SQLModel, table=True):
    """A word by which a channel is found: of its address, and of the names that arrived with it."""

    __tablename__ = "channel_word"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    word: str = Field(primary_key=True, sa_type=String(collation="C").with_variant(String(), "sqlite"))
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        Index("channel_word_channel", "account_id", "channel_id"),
        {"sqlite_with_rowid": False},
    )
