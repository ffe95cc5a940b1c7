"""The append-only ledger of consent, one for each channel, and the topics that may be subscribed to."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.tables.base import IntakeMethod, Row, belongs_to, valid_json, within
from app.tables.channel import ConsentStatus


class LedgerAct(StrEnum):
    """What an entry says was done. STOP is an opt-out by an inbound word, which START undoes; ASK a double opt-in.

    RETRACT takes an opt-in back that should never have been recorded, such as one of an import that is undone.
    """

    OPT_IN = "OPT_IN"
    OPT_OUT = "OPT_OUT"
    STOP = "STOP"
    START = "START"
    ASK = "ASK"
    RETRACT = "RETRACT"


class Topic(Row, table=True):
    """Something that people may be told about, or not: a preference is a consent record with a topic."""

    account_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=[ForeignKey("account.account_id")])
    key: str
    name: str
    created_at: datetime = Field(sa_type=Time)
    __table_args__ = (UniqueConstraint("account_id", "key"),)


class ConsentRecord(Row, table=True):
    """One entry of a ledger: `number` counts from 1 within the channel; `time_given`: the act named its own time.

    `restored` is what a START or a RETRACT brought back. `retracts` is the number of the entry that a RETRACT takes
    back, and `retracted_at` says of that one since when it counts as never said.
    """

    __tablename__ = "consent_record"
    channel_id: UUID = Field(sa_type=Id)
    topic_id: UUID | None = Field(sa_type=Id)
    number: int
    act: LedgerAct = Field(sa_type=String)
    restored: ConsentStatus | None = Field(sa_type=String)
    retracts: int | None
    retracted_at: datetime | None = Field(sa_type=Time)
    time_given: bool
    method: IntakeMethod = Field(sa_type=String)
    occurred_at: datetime = Field(sa_type=Time)
    recorded_at: datetime = Field(sa_type=Time)
    actor: str
    source_url: str | None
    ip_address: str | None
    user_agent: str | None
    disclosure: str | None
    source_detail: str | None
    digest: str
    previous_digest: str | None
    __table_args__ = (
        UniqueConstraint("account_id", "channel_id", "number"),
        belongs_to("channel_id", "channel"),
        belongs_to("topic_id", "topic"),
        Index("consent_record_channel", "account_id", "channel_id", sql("occurred_at DESC"), sql("id DESC")),
        within("act", LedgerAct),
        within("restored", ConsentStatus),
        within("method", IntakeMethod),
    )


class ChannelTopic(SQLModel, table=True):
    """What a channel's ledger says of a topic: the maintained fold of its records with that topic."""

    __tablename__ = "channel_topic"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    topic_id: UUID = Field(primary_key=True, sa_type=Id)
    status: ConsentStatus = Field(sa_type=String)
    at: datetime = Field(sa_type=Time)
    record_id: UUID = Field(sa_type=Id)
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        belongs_to("topic_id", "topic"),
        Index("channel_topic_topic", "account_id", "topic_id", "status"),
        within("status", ConsentStatus),
    )


class Confirmation(Row, table=True):
    """A question: the record that asks for a double opt-in, and the claims that confirming resolves.

    Without a record it is about the claims alone. `claims` are ids as the API spells them, of links and link proposals.
    """

    channel_id: UUID = Field(sa_type=Id)
    record_id: UUID | None = Field(sa_type=Id)
    claims: list[str] = Field(sa_type=Json)
    asked_at: datetime = Field(sa_type=Time)
    expires_at: datetime = Field(sa_type=Time)
    confirmed_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("channel_id", "channel"),
        Index("confirmation_channel", "account_id", "channel_id"),
        valid_json("claims"),
    )
