"""Facts in the past tense, and the answers of calls that must not act twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import Integer
from sqlmodel import Field, SQLModel

from app.db.types import Json, Time
from app.tables.base import Row, valid_json


class Fact(Row, table=True):
    """Something that became true, written in the transaction that made it so."""

    at: datetime = Field(sa_type=Time)
    name: str
    actor: str
    data: dict[str, Any] = Field(sa_type=Json)
    __table_args__ = (valid_json("data"),)


class IdempotencyKey(SQLModel, table=True):
    """What a mutation field did under a key: the fingerprint of its content, and its outcome as ids and codes."""

    __tablename__ = "idempotency_key"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    key: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    fingerprint: str
    outcome: dict[str, Any] = Field(sa_type=Json)
    at: datetime = Field(sa_type=Time)
    __table_args__ = (valid_json("outcome"),)
