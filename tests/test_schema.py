"""The served schema: checked in, described, and within the public contract."""

from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
)

import graphql_schema

CHECKED_IN = Path(graphql_schema.__file__).parent / "schema.graphql"
CONTRACT = Path(__file__).parents[2] / "shared" / "contract" / "schema.graphql"
served = build_schema(graphql_schema.sdl())


def own_types(schema: object) -> dict[str, GraphQLNamedType]:
    types: dict[str, GraphQLNamedType] = schema.type_map  # type: ignore[attr-defined]
    return {name: type_ for name, type_ in types.items() if not name.startswith("__")}


def test_the_checked_in_schema_is_the_served_one() -> None:
    assert CHECKED_IN.read_text() == graphql_schema.sdl(), "run: python -m app schema > graphql_schema/schema.graphql"


def test_everything_is_described() -> None:
    silent = []
    for name, type_ in own_types(served).items():
        if name not in ("ID", "String", "Int", "Float", "Boolean") and not type_.description:
            silent.append(name)
        if isinstance(type_, GraphQLEnumType):
            silent += [f"{name}.{value}" for value, told in type_.values.items() if not told.description]
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for field, told in type_.fields.items():
                silent += [] if told.description else [f"{name}.{field}"]
                for argument, said in getattr(told, "args", {}).items():
                    silent += [] if said.description else [f"{name}.{field}({argument})"]
    assert silent == []


def test_what_is_served_is_as_the_contract_says() -> None:
    if not CONTRACT.exists():
        pytest.skip(f"the contract is not beside this checkout: {CONTRACT}")
    contract = own_types(build_schema(CONTRACT.read_text(), assume_valid=True))
    unlike = []
    for name, type_ in own_types(served).items():
        agreed = contract.get(name, type_)  # it may add types
        unlike += [f"{name}.{part}" for part, said in parts(type_).items() if parts(agreed).get(part, said) != said]
    assert unlike == []


def parts(type_: GraphQLNamedType) -> dict[str, str]:
    """What clients rely on of a type: its fields, their arguments and its enum values, each with its type."""
    if isinstance(type_, GraphQLEnumType):
        return dict.fromkeys(type_.values, type_.name)
    if not isinstance(type_, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
        return {}
    fields = {name: str(field.type) for name, field in type_.fields.items()}
    arguments = {
        f"{name}({argument})": str(told.type)
        for name, field in type_.fields.items()
        for argument, told in getattr(field, "args", {}).items()
    }
    return fields | arguments
