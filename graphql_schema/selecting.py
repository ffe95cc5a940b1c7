"""From what a document selects to the plain tree that `app.reading` compiles."""

import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import Any

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentSpreadNode,
    GraphQLArgument,
    GraphQLNonNull,
    GraphQLObjectType,
    InlineFragmentNode,
    Node,
    Undefined,
    VariableNode,
    get_named_type,
    value_from_ast,
)

from app.errors import BadInput
from app.ids import prefix
from app.reading import PAGING, Bound, Identity, Page, Request, Selection, Source

Resolving = Any  # graphql-core's info, as Strawberry gives it: its variable_values are plain values
Getter = Callable[[Request], Any]


def selected(
    info: Resolving,
    key: str,
    parent: GraphQLObjectType,
    nodes: Sequence[FieldNode],
    source: Source | None = None,
    concrete: str | None = None,
) -> Selection:
    """The field and all beneath it. `concrete` names the object type where the field's own is an interface."""
    name = nodes[0].name.value
    if name == "__typename":
        return Selection(key, name, parent.name)
    definition = parent.fields[name]
    beneath = info.schema.type_map[concrete] if concrete else get_named_type(definition.type)
    source = source or definition.extensions["strawberry-definition"].metadata.get("source")
    arguments = {
        python_name(argument): given(info, nodes[0], graphql_name, argument)
        for graphql_name, argument in definition.args.items()
    }
    children = (
        [selected(info, k, beneath, ns) for k, ns in collected(info, beneath, nodes, {}).items()]
        if isinstance(beneath, GraphQLObjectType)
        else []
    )
    known = {name: value for name, value in arguments.items() if value is not None and takes(source, name)}
    return Selection(key, name, beneath.name, identified(source, parent), known, children)


def takes(source: Source | None, name: str) -> bool:
    """Whether a source takes the argument; what a root's resolver deals with itself is none of the source's."""
    functions = [function for part in ("of", "order", "needs") if (function := getattr(source, part, None))]
    named = {parameter for function in functions for parameter in inspect.signature(function).parameters}
    return name in named or (isinstance(source, Page) and name in PAGING)


def identified(source: Source | None, parent: GraphQLObjectType) -> Source | None:
    """An id's own type, where its declaration leaves that to the type it stands on."""
    if not isinstance(source, Identity):
        return source
    return replace(source, prefix=prefix(source.prefix or parent.name))


def python_name(argument: GraphQLArgument) -> str:
    """An argument's name in query functions."""
    return str(argument.extensions["strawberry-definition"].python_name)


def collected(
    info: Resolving, parent: GraphQLObjectType, nodes: Sequence[Any], out: dict[str, list[FieldNode]]
) -> dict[str, list[FieldNode]]:
    """The fields selected of an object type, fragments resolved, by their keys in the answer."""
    for node in nodes:
        for item in node.selection_set.selections if node.selection_set else ():
            if not included(info, item):
                continue
            if isinstance(item, FieldNode):
                out.setdefault((item.alias or item.name).value, []).append(item)
            elif applies(fragment := resolved(info, item), parent):
                collected(info, parent, [fragment], out)
    return out


def resolved(info: Resolving, item: Any) -> Any:
    """The fragment that a selection stands for."""
    return item if isinstance(item, InlineFragmentNode) else info.fragments[item.name.value]


def applies(fragment: Any, parent: GraphQLObjectType) -> bool:
    """Whether a fragment's type condition holds for the object type."""
    condition = fragment.type_condition.name.value if fragment.type_condition else parent.name
    return condition == parent.name or condition in {interface.name for interface in parent.interfaces}


def included(info: Resolving, node: Any) -> bool:
    """What @skip and @include say of a selection."""
    for directive in node.directives or ():
        name = directive.name.value
        if name in ("skip", "include"):
            condition = directive.arguments[0].value
            on = (
                condition.value
                if isinstance(condition, BooleanValueNode)
                else info.variable_values[condition.name.value]
            )
            if on is (name == "skip"):
                return False
    return True


def given(info: Resolving, node: FieldNode, name: str, argument: GraphQLArgument) -> Any:
    """An argument's value: None, a value that changes the SQL, or something bound."""
    ast = next((a.value for a in node.arguments or () if a.name.value == name), None)
    if ast is None or (isinstance(ast, VariableNode) and ast.name.value not in info.variable_values):
        return plain(argument.default_value)
    if isinstance(ast, VariableNode):
        variable = ast.name.value
        value = info.variable_values[variable]
        if value is None and isinstance(argument.type, GraphQLNonNull):
            raise Nulled(name)
        return bound(value, lambda request: request.variables[variable])
    constant = value_from_ast(ast, argument.type, info.variable_values)
    if constant is Undefined:  # the document is valid: a variable that has a default was given as null
        raise Nulled(name)
    if any(variables_in(info, [ast])):  # within it: other requests of this plan have other values there
        return bound(constant, lambda request: value_from_ast(ast, argument.type, request.variables))
    return bound(constant, lambda _: constant)


class Nulled(BadInput):
    """A null where none may stand, which only a variable can bring."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The argument '{name}' was given null where none may be; leave the variable out instead.")


def plain(default: Any) -> Any:
    """A default value, an input object as a dict."""
    if is_dataclass(default) and not isinstance(default, type):
        return {field.name: plain(getattr(default, field.name)) for field in fields(default)}
    return default if isinstance(default, (int, str, bool, Enum, dict)) else None


def bound(value: Any, get: Getter) -> Any:
    """Strings, numbers and lists of them vary freely; null, booleans, enums and keys of inputs make another plan."""
    if value is None or isinstance(value, (bool, Enum)):
        return value
    if isinstance(value, dict):
        return {key: bound(item, lambda request, key=key: get(request)[key]) for key, item in value.items()}  # type: ignore[misc]
    return Bound(get)


def shape(value: Any) -> Any:
    """What of a variable's value makes another plan."""
    if value is None or isinstance(value, (bool, Enum)):
        return value
    if isinstance(value, dict):
        return tuple((key, shape(item)) for key, item in value.items())
    return tuple(map(shape, value)) if isinstance(value, list) else ""


def variables_in(info: Resolving, nodes: Sequence[Node]) -> Iterator[str]:
    """The names of the variables used in these nodes and the fragments they spread; one may come more than once."""
    for node in nodes:
        if isinstance(node, VariableNode):
            yield node.name.value
        elif isinstance(node, FragmentSpreadNode):
            yield from variables_in(info, [info.fragments[node.name.value], *(node.directives or ())])
        else:
            for name in node.keys:
                found = getattr(node, name, None)
                children = found if isinstance(found, (list, tuple)) else [found]
                yield from variables_in(info, [child for child in children if isinstance(child, Node)])
