"""Where something came from."""

from datetime import datetime
from types import SimpleNamespace
from typing import Any

import strawberry

from app.tables import FieldPatch, IntakeMethod
from graphql_schema.declaring import column


@strawberry.type(description="By which way, from where and when something came in.")
class Source:
    """By which way, from where and when something came in."""

    method: IntakeMethod = column(FieldPatch.method, "The way in.")
    detail: str | None = column(FieldPatch.detail, "Which call, form, keyword or import, as far as it was named.")
    at: datetime = column(FieldPatch.at, "When it came in.")


def since_birth(row: Any) -> Any:
    """The source of a channel or a profile: it came when it was created."""
    return SimpleNamespace(method=row.method, detail=row.detail, at=row.created_at)


def as_stored(row: Any) -> Any:
    """The source of what has its own time."""
    return row
