"""Tenants and their API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.tables.base import Row, valid_json


class Account(SQLModel, table=True):
    """A tenant; nothing crosses from one to another. Settings have defaults for accounts made before there were any.

    Marketing texts rest between the local hours `quiet_from` and `quiet_until`. `help_text` answers HELP;
    `sms_auth_token` signs the webhooks of the SMS provider, `email_webhook_secret` those of the email provider. Hard
    bounces of `bounces_to_hold` messages in a row hold a channel.
    """

    account_id: int | None = Field(default=None, primary_key=True, sa_type=Integer)
    id: UUID = Field(sa_type=Id)
    name: str
    default_region: str
    time_zone: str
    created_at: datetime = Field(sa_type=Time)
    max_channels_per_kind: int = Field(sa_column_kwargs={"server_default": "5"})
    placeholder_patterns: list[str] = Field(sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    role_patterns: list[str] = Field(sa_type=Json, sa_column_kwargs={"server_default": "[]"})
    quiet_from: int = Field(sa_column_kwargs={"server_default": "21"})
    quiet_until: int = Field(sa_column_kwargs={"server_default": "8"})
    help_text: str | None
    sms_auth_token: str | None
    email_webhook_secret: str | None
    bounces_to_hold: int = Field(sa_column_kwargs={"server_default": "3"})
    __table_args__ = (UniqueConstraint("id"),)


class ApiKey(Row, table=True):
    """A client's key: only its SHA-256 is kept, with a prefix by which people recognise it."""

    __tablename__ = "api_key"
    account_id: int = Field(primary_key=True, sa_type=Integer, sa_column_args=[ForeignKey("account.account_id")])
    name: str
    prefix: str
    digest: str
    scopes: list[str] = Field(sa_type=Json)
    created_at: datetime = Field(sa_type=Time)
    expires_at: datetime | None = Field(sa_type=Time)
    revoked_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (UniqueConstraint("digest"), valid_json("scopes"))
