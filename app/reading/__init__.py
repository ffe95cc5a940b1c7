"""Reading: one root field, one statement. From what is selected to SQL whose answer is finished JSON."""

from app.reading.compiler import compiled
from app.reading.pages import PAGING
from app.reading.plans import Plan
from app.reading.scopes import IN_TIMELINES
from app.reading.sources import (
    Bound,
    Chained,
    Computed,
    Identity,
    Keyed,
    Many,
    Merged,
    One,
    Order,
    Page,
    Part,
    Request,
    Selection,
    Source,
    Value,
    WorkedOut,
)

__all__ = [
    "IN_TIMELINES",
    "PAGING",
    "Bound",
    "Chained",
    "Computed",
    "Identity",
    "Keyed",
    "Many",
    "Merged",
    "One",
    "Order",
    "Page",
    "Part",
    "Plan",
    "Request",
    "Selection",
    "Source",
    "Value",
    "WorkedOut",
    "compiled",
]
