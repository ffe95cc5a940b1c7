"""JSON values, level by level: a client can nest one deeper than a function can call itself."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

MOST_LEVELS = 32  # of a value that is kept: within answers and events it is nested deeper, and JSON has its limits


def levels(value: Any) -> Iterator[list[Any]]:
    """All that stands in a JSON value: itself, then what it holds, then what that holds."""
    level = [value]
    while level:
        yield level
        level = [item for each in level if isinstance(each, (dict, list)) for item in held(each)]


def held(value: dict[str, Any] | list[Any]) -> Any:
    """What an object or a list holds."""
    return value.values() if isinstance(value, dict) else value


def too_deep(value: Any) -> bool:
    """Whether lists and objects are nested deeper than is kept."""
    beyond: list[Any] = next(islice(levels(value), MOST_LEVELS, None), [])
    return any(isinstance(each, (dict, list)) for each in beyond)
