"""The maintained copy of what a profile's channels and links make of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy import text as sql
from sqlmodel import Field

from app.db.types import Id, Json, Time
from app.tables.base import IntakeMethod, Row, valid_json, within

RESTRICTED = "restricted_at IS NOT NULL"  # the few


class Profile(Row, table=True):
    """A person. Every column is a function of the channels and links: `app.profiles.queries.derived`."""

    created_at: datetime = Field(sa_type=Time)
    updated_at: datetime = Field(sa_type=Time)
    method: IntakeMethod = Field(sa_type=String)
    detail: str | None
    display_name: str
    email_channel_id: UUID | None = Field(sa_type=Id)
    sms_channel_id: UUID | None = Field(sa_type=Id)
    custom_fields: dict[str, Any] = Field(sa_type=Json)
    tags: list[str] = Field(sa_type=Json)
    gdpr_applies: bool
    restricted_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (
        Index("profile_created", "account_id", "created_at", "id"),
        Index("profile_updated", "account_id", "updated_at", "id"),
        Index("profile_restricted", "account_id", "id", sqlite_where=sql(RESTRICTED), postgresql_where=sql(RESTRICTED)),
        within("method", IntakeMethod),
        valid_json("custom_fields"),
        valid_json("tags"),
    )
