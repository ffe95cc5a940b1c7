"""In which orders profiles are listed."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, select

from app.db import entity
from app.profiles.queries.engaged import by_engagement, last_engaged
from app.reading import Chained, Order
from app.tables import Profile


class OrderField(StrEnum):
    """By what profiles are ordered."""

    CREATED_AT = "CREATED_AT"
    UPDATED_AT = "UPDATED_AT"
    LAST_ENGAGED_AT = "LAST_ENGAGED_AT"


class Direction(StrEnum):
    """Ascending or descending."""

    ASC = "ASC"
    DESC = "DESC"


NEWEST = {"field": OrderField.CREATED_AT, "direction": Direction.DESC}


def by(profile: Any, order_by: Mapping[str, Any] | None = None, **_: Any) -> Order:
    """The sort key of a list of profiles, and whether it descends; the newest first unless told otherwise."""
    order_by = order_by or NEWEST
    descending = order_by["direction"] is Direction.DESC
    match order_by["field"]:
        case OrderField.UPDATED_AT:
            return Order(profile.updated_at, descending)
        case OrderField.LAST_ENGAGED_AT:
            return Order(last_engaged(profile, descending=descending), descending, "last_engaged_at")
        case _:
            return Order(profile.created_at, descending)


def all_by(_: object, order_by: Mapping[str, Any] | None = None, **__: Any) -> Select[Any] | Chained:
    """Every profile of the account, to be listed in that order."""
    order_by = order_by or NEWEST
    if order_by["field"] is OrderField.LAST_ENGAGED_AT:
        return by_engagement(descending=order_by["direction"] is Direction.DESC)
    return select(entity(Profile))
