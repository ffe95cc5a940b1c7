"""Beginning a subscription: what its one root field wishes for."""

from dataclasses import replace
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    get_variable_values,
    located_error,
)
from graphql.pyutils import Path

from app.live import Wish
from graphql_schema.context import Context
from graphql_schema.direct import MOST_ERRORS, Info, arguments
from graphql_schema.executing import Chosen, Document
from graphql_schema.schema import schema
from graphql_schema.selecting import collected
from graphql_schema.subscription import Followed


def is_subscription(chosen: Chosen | None) -> bool:
    """Whether the operation follows what happens."""
    return chosen is not None and chosen.definition.operation is OperationType.SUBSCRIPTION


async def subscribe(
    found: Document, chosen: Chosen | None, *, variables: dict[str, Any], context: Context
) -> Wish | list[GraphQLError]:
    """What the subscription of a valid document wishes for; or why it cannot begin."""
    if chosen is None:
        return [GraphQLError("Name the operation that is to be run.")]
    definition = chosen.definition
    values: Any = get_variable_values(schema._schema, definition.variable_definitions or (), variables, MOST_ERRORS)
    if isinstance(values, list):
        return values
    info = _info(found, definition, values, context)
    field = info.parent_type.fields[info.field_nodes[0].name.value]
    followed: Followed = field.extensions["strawberry-definition"]
    try:
        given = arguments(field, info.field_nodes[0], values)
        wish: Wish = await followed.answer(info, **given)
    except Exception as error:
        return [located_error(error, info.field_nodes, info.path.as_list())]
    return wish


def _info(found: Document, definition: OperationDefinitionNode, values: Any, context: Context) -> Info:
    """The subscription's field as it is selected: a valid one has just one, and no directive that leaves it out."""
    type_: Any = schema._schema.subscription_type
    parsed = found.parsed.definitions if found.parsed else ()
    fragments = {each.name.value: each for each in parsed if isinstance(each, FragmentDefinitionNode)}
    whole = Info(schema._schema, type_, fragments, [], Path(None, "", type_.name), values.coerced, context)
    [(key, nodes)] = collected(whole, type_, [definition], {}).items()
    return replace(whole, field_nodes=nodes, path=Path(None, key, type_.name))
