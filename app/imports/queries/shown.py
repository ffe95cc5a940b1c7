"""Imports as the API shows them."""

from typing import Any

from sqlalchemy import Select, exists, select

from app.db import entity
from app.db.expressions import outer
from app.reading import Order
from app.tables import Import, ImportMistake


def every(_: object) -> Select[Any]:
    """All imports of the account."""
    return select(entity(Import))


def newest_first(import_: Any, **_: Any) -> Order:
    """By when they were made."""
    return Order(import_.created_at, descending=True)


def by_id(payload: Any) -> Select[Any]:
    """The import `payload.id`."""
    import_ = entity(Import)
    return select(import_).where(import_.id == payload.id)


def problem(import_: Any) -> Select[Any]:
    """Why the file as a whole was refused, if it was."""
    code = outer(import_.problem_code)
    said = outer(import_.problem).label("message"), outer(import_.problem_line).label("line")
    return select(code.label("code"), *said).where(code.is_not(None))


def mistakes(import_: Any) -> Select[Any]:
    """What is wrong with the rows of an import."""
    mistake = entity(ImportMistake)
    return select(mistake).where(mistake.import_id == import_.id)


def in_order_of_rows(mistake: Any, **_: Any) -> Order:
    """As the rows stand in the file; what is wrong with one row, in the order in which it was found."""
    return Order(mistake.row, descending=False, then=mistake.place)


def has_mistakes(import_: Any) -> Any:
    """Whether something is wrong with any row."""
    mistake = entity(ImportMistake)
    return exists(select(mistake.row).where(mistake.import_id == import_.id))
