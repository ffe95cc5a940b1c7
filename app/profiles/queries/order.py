"""In which orders profiles are listed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class OrderField(StrEnum):
    """By what profiles are ordered."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"


class Direction(StrEnum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


def by(profile: Any, order_by: Mapping[str, Any] | None = None, **_: Any) -> tuple[Any, bool]:
    """The sort key of a list of profiles, and whether it descends; the newest first unless told otherwise."""
    order_by = order_by or {"field": OrderField.CREATED_AT, "direction": Direction.DESC}
    key = profile.updated_at if order_by["field"] is OrderField.UPDATED_AT else profile.created_at
    return key, order_by["direction"] is Direction.DESC
