"""What the tables have in common."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer
from sqlmodel import Field, SQLModel

from app.db.types import Id


class IntakeMethod(StrEnum):
    """The ways by which contact data comes in."""

    API = "API"
    FORM = "FORM"
    KEYWORD = "KEYWORD"
    IMPORT = "IMPORT"
    INBOUND = "INBOUND"
    MANUAL = "MANUAL"


class Row(SQLModel):
    """A row of an account: its key begins with the account, so that a tenant's rows lie together."""

    account_id: int = Field(primary_key=True, sa_type=Integer)
    id: UUID = Field(primary_key=True, sa_type=Id)


def within(column: str, values: type[StrEnum]) -> CheckConstraint:
    """The column holds one of the enum's values: a check, for Alembic cannot follow native enums."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def valid_json(column: str, *, nullable: bool = False) -> Any:
    """The text is JSON; PostgreSQL's own type sees to that. To SQLite (3.40), NULL is no JSON."""
    absent = f"{column} IS NULL OR " if nullable else ""
    return CheckConstraint(f"{absent}json_valid({column})", name=f"{column}_json").ddl_if(dialect="sqlite")


def belongs_to(column: str, table: str, *, deferred: bool = False, key: str = "id") -> ForeignKeyConstraint:
    """A reference within the account; `deferred` is checked when the transaction ends."""
    return ForeignKeyConstraint(
        ["account_id", column],
        [f"{table}.account_id", f"{table}.{key}"],
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )
