"""Facts in the past tense, and the answers of calls that must not act twice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.tables.base import Row, belongs_to, valid_json


class Fact(Row, table=True):
    """Something that became true, written in the transaction that made it so."""

    at: datetime = Field(sa_type=Time)
    name: str
    actor: str
    data: dict[str, Any] = Field(sa_type=Json)
    __table_args__ = (valid_json("data"),)


class FactChannel(SQLModel, table=True):
    """A channel that a fact is about: `id` is the fact's, `at` its time, so that a channel's facts lie in order."""

    __tablename__ = "fact_channel"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    id: UUID = Field(primary_key=True, sa_type=Id)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    at: datetime = Field(sa_type=Time)
    __table_args__ = (
        belongs_to("id", "fact"),
        belongs_to("channel_id", "channel"),
        Index("fact_channel_channel", "account_id", "channel_id", sql("at DESC"), sql("id DESC")),
    )


class IdempotencyKey(SQLModel, table=True):
    """What a mutation field did under a key: the fingerprint of its content, and its outcome as ids and codes."""

    __tablename__ = "idempotency_key"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    fingerprint: str
    outcome: dict[str, Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Time)
    __table_args__ = (Index("idempotency_key_at", "at"), valid_json("outcome"))
