"""Forms and keywords: the ways in by which people give their addresses themselves."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, Integer, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.db.types import Id, Json, Time
from app.tables.base import Row, belongs_to, valid_json


class Form(Row, table=True):
    """A form, as it is for good: other wording is another form. `fields` are in the order in which they are shown."""

    name: str
    fields: list[dict[str, Any]] = Field(sa_type=Json)
    double_opt_in: bool
    trusted: bool
    created_at: datetime = Field(sa_type=Time)
    __table_args__ = (Index("form_id", "id"), valid_json("fields"))  # by its id alone, for its page names no account


class Keyword(Row, table=True):
    """A word that opts its sender in; `word` is in the one form in which texts are compared."""

    word: str
    welcome: str
    already_subscribed: str
    capture_email: bool
    double_opt_in: bool
    created_at: datetime = Field(sa_type=Time)
    __table_args__ = (UniqueConstraint("account_id", "word"),)


class EmailCapture(SQLModel, table=True):
    """A number that a keyword asked for an email address.

    `asked_at` is the time of the text that it was asked after, `retries` how often it was asked once more since, for
    what came was none, and `answered_at` when one came.
    """

    __tablename__ = "email_capture"
    account_id: int = Field(primary_key=True, sa_type=Integer)
    channel_id: UUID = Field(primary_key=True, sa_type=Id)
    keyword_id: UUID = Field(sa_type=Id)
    asked_at: datetime = Field(sa_type=Time)
    retries: int
    answered_at: datetime | None = Field(sa_type=Time)
    __table_args__ = (belongs_to("channel_id", "channel"), belongs_to("keyword_id", "keyword"))
