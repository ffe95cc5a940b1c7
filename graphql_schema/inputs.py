"""What inputs have in common."""

from typing import Any, TypeVar

import strawberry

T = TypeVar("T")


def optional(description: str) -> Any:
    """An input field that may be left out; there is no default in the SDL."""
    return strawberry.field(default=strawberry.UNSET, description=description)


def given(value: T | None) -> T | None:
    """The value, or None where it was left out."""
    return None if value is strawberry.UNSET else value


def says(description: str) -> Any:
    """An argument's description, within Annotated."""
    return strawberry.argument(description=description)
