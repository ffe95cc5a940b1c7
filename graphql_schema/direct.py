"""Executing operations that consist of declared root fields alone, as nearly all that are sent do.

Each root field answers with finished JSON, so nothing is left for a general executor to do: variables are coerced,
fields answer at once, and what they answer is put under their keys. Everything else goes to graphql-core.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_argument_values,
    get_variable_values,
    located_error,
)
from graphql.pyutils import Path

from app.errors import BadInput
from graphql_schema.declaring import Declared

MOST_ERRORS = 50


@dataclass(frozen=True, slots=True)
class Root:
    """A root field as it was selected."""

    key: str
    nodes: list[FieldNode]
    field: GraphQLField
    declared: Declared


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation whose root fields are all declared."""

    definition: OperationDefinitionNode
    roots: tuple[Root, ...]
    fragments: dict[str, FragmentDefinitionNode]


@dataclass(frozen=True, slots=True)
class Info:
    """What a declared field needs to know of its request; graphql-core's info has the same names."""

    schema: GraphQLSchema
    parent_type: GraphQLObjectType
    fragments: dict[str, FragmentDefinitionNode]
    field_nodes: list[FieldNode]
    path: Path
    variable_values: dict[str, Any]
    context: Any


def operation_of(
    schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode
) -> Operation | None:
    """The operation, where it is a query of plainly selected declared fields; else None."""
    query = schema.query_type
    roots = [root_of(query, node) for node in definition.selection_set.selections] if query else []
    plain = [root for root in roots if root is not None]
    if definition.operation is not OperationType.QUERY or len({root.key for root in plain}) < len(roots):
        return None
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    return Operation(definition, tuple(plain), fragments)


def root_of(query: GraphQLObjectType, node: Any) -> Root | None:
    """A declared field, selected without a fragment around it and without a directive."""
    field = query.fields.get(node.name.value) if isinstance(node, FieldNode) and not node.directives else None
    declared = field.extensions.get("strawberry-definition") if field else None
    if field is None or not isinstance(declared, Declared):
        return None
    return Root((node.alias or node.name).value, [node], field, declared)


async def run(schema: GraphQLSchema, operation: Operation, variables: dict[str, Any], context: Any) -> ExecutionResult:
    """Executes the operation; errors are in the result, never raised."""
    definitions = operation.definition.variable_definitions or ()
    values: Any = get_variable_values(schema, definitions, variables, MOST_ERRORS) if definitions else None
    if isinstance(values, list):
        return ExecutionResult(None, values)
    answers = [answered(schema, operation, root, values, context) for root in operation.roots]
    results = [await answers[0]] if len(answers) == 1 else await asyncio.gather(*answers)
    return put_together(operation.roots, results)


async def answered(schema: GraphQLSchema, operation: Operation, root: Root, values: Any, context: Any) -> Any:
    """What a root field answers; an error is an answer too."""
    query: Any = schema.query_type
    coerced = values.coerced if values is not None else {}
    path = Path(None, root.key, query.name)
    info = Info(schema, query, operation.fragments, root.nodes, path, coerced, context)
    try:
        given = arguments(root.field, root.nodes[0], values) if root.declared.takes_arguments else {}
        answer = await root.declared.answer(None, info, **given)
    except Exception as error:
        return located_error(error, root.nodes, path.as_list())
    if answer is None and isinstance(root.field.type, GraphQLNonNull):
        missing = TypeError(f"Cannot return null for the field {root.key}.")
        return located_error(missing, root.nodes, path.as_list())
    return answer


def arguments(field: GraphQLField, node: FieldNode, values: Any) -> dict[str, Any]:
    """The arguments of a root field. Raises BadInput, such as for a variable that is null where none may stand."""
    try:
        return get_argument_values(field, node, values)
    except GraphQLError as error:
        raise BadInput(error.message) from None


def put_together(roots: Sequence[Root], results: Sequence[Any]) -> ExecutionResult:
    """The answers under their keys; one that may not be null and failed leaves no data (GraphQL, 6.4.4)."""
    errors = [result for result in results if isinstance(result, GraphQLError)]
    failed = zip(roots, results, strict=True)
    if any(isinstance(result, GraphQLError) and isinstance(root.field.type, GraphQLNonNull) for root, result in failed):
        return ExecutionResult(None, errors)
    data = {
        root.key: None if isinstance(result, GraphQLError) else result
        for root, result in zip(roots, results, strict=True)
    }
    return ExecutionResult(data, errors or None)
