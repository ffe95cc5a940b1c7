"""The few SQL expressions that the two databases spell differently, each declared once."""

from app.db.expressions.json import (
    elements,
    empty_json,
    is_true,
    list_of,
    list_of_rows,
    member_value,
    members,
    object_of,
    text_at,
    text_member,
    text_members,
)
from app.db.expressions.listing import each_of, holds_one_of, one_of, one_of_texts
from app.db.expressions.shaping import constant, in_order, outer, unindexed
from app.db.expressions.texts import contains

__all__ = [
    "constant",
    "contains",
    "each_of",
    "elements",
    "empty_json",
    "holds_one_of",
    "in_order",
    "is_true",
    "list_of",
    "list_of_rows",
    "member_value",
    "members",
    "object_of",
    "one_of",
    "one_of_texts",
    "outer",
    "text_at",
    "text_member",
    "text_members",
    "unindexed",
]
