"""How a GraphQL type says where its fields come from.

A field declared here needs no resolver: within a compiled selection SQL delivers it; at a root, on a payload or on an
event it compiles what is selected beneath it and runs that.
"""

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from app.reading import Computed, Identity, Many, One, Page, Part, Source, Value
from graphql_schema.reading import read

PAGING: dict[str, tuple[Any, str]] = {
    "first": (int | None, "How many, from the beginning: 0 to 250; 20 where neither first nor last is given."),
    "after": (str | None, "Only those after this cursor, an `endCursor` of this list."),
    "last": (int | None, "How many, from the end."),
    "before": (str | None, "Only those before this cursor, a `startCursor` of this list."),
}


class Declared(StrawberryField):
    """A field that says where it comes from."""

    is_basic_field = False
    is_async = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.init = self.repr = self.compare = False  # nobody builds it; on a payload it is not an argument

    def get_result(self, source: Any, info: Any, args: Any, kwargs: Any) -> Any:  # noqa: ARG002
        """What is selected beneath it, in one statement."""
        return read(info._raw_info, self.metadata["source"], source)


def declared(source: Source, description: str, arguments: dict[str, str]) -> Any:
    """A field with that source; its arguments are those that the source's query function takes besides the row."""
    field = Declared(description=description, metadata={"source": source})
    field.arguments = [_argument(p, arguments[p.name]) for p in _parameters(source)]
    if isinstance(source, Page):
        field.arguments += [argument(name, type_, text) for name, (type_, text) in PAGING.items()]
    return field


def argument(name: str, type_: Any, description: str, default: Any = UNSET) -> StrawberryArgument:
    """An argument of a field."""
    return StrawberryArgument(name, None, StrawberryAnnotation(type_), default=default, description=description)


def _argument(parameter: inspect.Parameter, description: str) -> StrawberryArgument:
    default = UNSET if parameter.default in (None, parameter.empty) else parameter.default
    return argument(parameter.name, parameter.annotation, description, default)


def _parameters(source: Source) -> list[inspect.Parameter]:
    of = getattr(source, "of", None)
    taken = list(inspect.signature(of).parameters.values())[1:] if of else []
    return [p for p in taken if p.kind is not p.VAR_KEYWORD]


def identity() -> Any:
    """The global id of the row."""
    return declared(Identity("", lambda row: row.id), "Globally unique; begins with the name of the type.", {})


def reference(type_name: str, of: Callable[[Any], Any], says: str) -> Any:
    """The global id of something else."""
    return declared(Identity(type_name, of), says, {})


def column(of: Any, says: str) -> Any:
    """A column of the row, named by any table that declares it."""
    return declared(Value(lambda row: getattr(row, of.key)), says, {})


def expression(of: Callable[..., Any], says: str, **arguments: str) -> Any:
    """An expression over the row."""
    return declared(Value(of), says, arguments)


def part(of: Callable[[Any], Any], says: str) -> Any:
    """An object whose fields stand in the same row."""
    return declared(Part(of), says, {})


def one(of: Callable[..., Any], says: str, **arguments: str) -> Any:
    """The first row of a statement."""
    return declared(One(of), says, arguments)


def many(of: Callable[..., Any], says: str, **arguments: str) -> Any:
    """All rows of a statement."""
    return declared(Many(of), says, arguments)


def computed(by: Callable[..., Any], needs: Callable[[Any], Sequence[Any]], says: str) -> Any:
    """What Python makes of values that SQL delivers."""
    return declared(Computed(by, needs), says, {})


def page(of: Callable[..., Any], order: Callable[..., tuple[Any, bool]], says: str, **arguments: str) -> Any:
    """A connection."""
    return declared(Page(of, order), says, arguments)
