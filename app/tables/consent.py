"""The append-only ledger of consent, one for each channel."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlmodel import Field

from app.db.types import Id, Time
from app.tables.base import IntakeMethod, Row, belongs_to, within


class ConsentAct(StrEnum):
    """What a person did."""

    OPT_IN = "OPT_IN"
    OPT_OUT = "OPT_OUT"


class ConsentRecord(Row, table=True):
    """One entry of a ledger: `number` counts from 1 within the channel; `time_given`: the act named its own time."""

    __tablename__ = "consent_record"
    channel_id: UUID = Field(sa_type=Id)
    number: int
    act: ConsentAct = Field(sa_type=String)
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
        within("act", ConsentAct),
        within("method", IntakeMethod),
    )
