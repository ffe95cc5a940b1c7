"""How a GraphQL type says where its fields come from.

A field declared here needs no resolver: within a compiled selection SQL delivers it; at a root, on a payload or on an
event it compiles what is selected beneath it and runs that.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema
from strawberry.annotation import StrawberryAnnotation
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.field import StrawberryField
from strawberry.types.unset import UNSET

from app.reading import Computed, Identity, Many, One, Order, Page, Part, Source, Value, WorkedOut
from graphql_schema.reading import read

Answer = Callable[..., Any]
#: What is said of an argument; or the argument itself, where its type is none that the query function could name.
Said = str | StrawberryArgument

PAGING: dict[str, tuple[Any, str]] = {
    "first": (int | None, "How many, from the beginning: 0 to 250; 20 where neither first nor last is given."),
    "after": (str | None, "Only those after this cursor, an `endCursor` of this list."),
    "last": (int | None, "How many, from the end."),
    "before": (str | None, "Only those before this cursor, a `startCursor` of this list."),
}


class Declared(StrawberryField):
    """A field that says where it comes from. `answer` is called with the object it stands on, info and raw arguments.

    What it answers is finished JSON: so neither its arguments nor its result take Strawberry's way through Python, a
    third of what a request costs.
    """

    is_basic_field = False
    is_async = True
    answer: Answer
    takes_arguments: bool  # whether `answer` does; those of a compiled field are read with its selection

    def __init__(self, answer: Answer, *args: Any, takes_arguments: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        self.takes_arguments = takes_arguments
        self.init = self.repr = self.compare = False  # nobody builds it; on a payload it is not an argument


def answer_directly(schema: GraphQLSchema) -> None:
    """Lets the declared fields of a schema answer by themselves."""
    for type_ in schema.type_map.values():
        for field in type_.fields.values() if isinstance(type_, GraphQLObjectType) else ():
            definition = field.extensions.get("strawberry-definition")
            if isinstance(definition, Declared):
                field.resolve = definition.answer


def declared(source: Source, description: str, arguments: Mapping[str, Said]) -> Any:
    """A field with that source; its arguments are those that the source's query function takes besides the row."""

    def answer(parent: Any, info: Any, **_: Any) -> Any:
        return read(info, source, parent)

    field = Declared(answer, description=description, metadata={"source": source})
    field.arguments = [_argument(p, arguments[p.name]) for p in _parameters(source)]
    if isinstance(source, Page):
        field.arguments += paging()
    return field


def asked(of: Callable[..., Any], says: str, *arguments: StrawberryArgument) -> Any:
    """A root field that a function of ours answers with finished JSON: it gets info and the raw arguments by name."""

    def answer(_: Any, info: Any, **given: Any) -> Any:
        return of(info, **given)

    field = Declared(answer, takes_arguments=True, description=says, metadata={})
    field.arguments = list(arguments)
    return field


def paging() -> list[StrawberryArgument]:
    """The arguments of a connection."""
    return [argument(name, type_, text) for name, (type_, text) in PAGING.items()]


def argument(name: str, type_: Any, description: str, default: Any = UNSET) -> StrawberryArgument:
    """An argument of a field."""
    return StrawberryArgument(name, None, StrawberryAnnotation(type_), default=default, description=description)


def _argument(parameter: inspect.Parameter, said: Said) -> StrawberryArgument:
    if isinstance(said, StrawberryArgument):
        return said
    default = UNSET if parameter.default in (None, parameter.empty) else parameter.default
    return argument(parameter.name, parameter.annotation, said, default)


def _parameters(source: Source) -> list[inspect.Parameter]:
    of = source.needs if isinstance(source, Computed) else getattr(source, "of", None)
    taken = list(inspect.signature(of).parameters.values())[1:] if of else []
    worked_out = getattr(source, "worked_out", {})
    return [p for p in taken if p.kind is not p.VAR_KEYWORD and p.name not in worked_out]


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


def one(
    of: Callable[..., Any], says: str, *, worked_out: WorkedOut | None = None, room: int = 0, **arguments: str
) -> Any:
    """The first row of a statement."""
    return declared(One(of, worked_out or {}, room), says, arguments)


def many(of: Callable[..., Any], says: str, *, room: int = 0, **arguments: str) -> Any:
    """All rows of a statement."""
    return declared(Many(of, room), says, arguments)


def computed(
    by: Callable[..., Any],
    needs: Callable[..., Sequence[Any]],
    says: str,
    *,
    in_context: bool = False,
    room: int = 0,
    **arguments: str,
) -> Any:
    """What Python makes of values that SQL delivers; with `in_context`, and of the request's context."""
    return declared(Computed(by, needs, in_context, room), says, arguments)


def page(
    of: Callable[..., Any],
    order: Callable[..., Order],
    says: str,
    *,
    worked_out: WorkedOut | None = None,
    room: int = 0,
    room_to_choose: int = 0,
    **arguments: Said,
) -> Any:
    """A connection."""
    return declared(Page(of, order, worked_out or {}, room, room_to_choose), says, arguments)
