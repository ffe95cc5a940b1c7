"""An example for every field: a document, and beside it the exact answer, written by hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from graphql import (
    FieldNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    build_schema,
    get_named_type,
    is_abstract_type,
    is_object_type,
    parse,
)

import graphql_schema
from tests.conftest import new_client
from tests.reading.comparing import differences
from tests.reading.conftest import Noting, guards_of
from tests.reading.evaluation import Json, Link
from tests.reading.sample import ROWS
from tests.reading.storing import stored

EXAMPLES = Path(__file__).parent / "examples"
#: The fields of the scalar JSON, and what is spelled like one of them.
JSON = ("customFields", "detail", "properties")
#: The fields that are signed links; in an example: what a link is for (and which form), NUMBER, the channel or import.
LINKS = ("unsubscribeUrl", "preferencesUrl", "formUrl", "errorsUrl")
#: Not a selection of fields: `tests/test_privacy.py` compares it with all rows that are held.
EXPORT = "Query.exportProfile"
UPLOAD = "CreateImportPayload.uploadUrl"  # names a new id; shown in tests/test_imports_api.py
LIVE = {"Subscription.engagementRecorded", "Subscription.importProgressed"}  # shown in tests of live
NAMES = sorted(path.stem for path in EXAMPLES.glob("*.graphql"))


def example(name: str, account_id: str = "ACCOUNT", number: int = 0) -> tuple[str, dict[str, Any], Any]:
    """A document, the variables in its first line, and its answer; both with that account's id."""
    text = (EXAMPLES / f"{name}.graphql").read_text().replace("ACCOUNT", account_id)
    expected = (EXAMPLES / f"{name}.json").read_text().replace("ACCOUNT", account_id).replace("NUMBER", str(number))
    return text, json.loads(text.splitlines()[0].removeprefix("# ")), json.loads(expected)


@pytest.mark.parametrize("name", NAMES)
async def test_a_document_has_the_answer_that_stands_beside_it(noting: Noting, name: str) -> None:
    client = await new_client(noting.served, noting.http)
    await guards_of(noting, client)
    await stored(noting.served.database, client.account.account_id, ROWS)
    document, variables, expected = example(name, f"account_{client.account.id.hex}", client.account.account_id)
    answer = await client.ask(document, **variables)
    assert list(differences(marked(expected), answer)) == []


def marked(expected: Any) -> Any:
    """The answer, its values of the scalar JSON marked: within them the order of members does not count; links too."""
    if isinstance(expected, list):
        return [marked(item) for item in expected]
    if not isinstance(expected, dict):
        return expected
    return {
        key: Json(value) if key in JSON else link(value) if key in LINKS else marked(value)
        for key, value in expected.items()
    }


def link(told: str | None) -> Link | None:
    """A signed link, of what it is for, the account's number, and the channel; null where there is none."""
    if told is None:
        return None
    *purpose, number, digits = told.split()
    return Link(" ".join(purpose), int(number), UUID(hex=digits))


def test_every_field_that_is_served_is_in_an_example() -> None:
    schema = build_schema(graphql_schema.sdl())
    served = {
        f"{name}.{field}"
        for name, type_ in schema.type_map.items()
        if is_object_type(type_) and not name.startswith("__")
        for field in type_.fields
    }
    assert served - {field for name in NAMES for field in answered(schema, name)} == {EXPORT, UPLOAD, *LIVE}


def answered(schema: GraphQLSchema, name: str) -> Iterator[str]:
    """The fields to which an example has an answer other than null and nothing."""
    document, _, expected = example(name)
    [operation] = [node for node in parse(document).definitions if isinstance(node, OperationDefinitionNode)]
    root = schema.get_root_type(operation.operation)
    assert root is not None
    yield from shown(schema, root, operation.selection_set.selections, expected)


def shown(schema: GraphQLSchema, parent: Any, selections: Any, value: Any) -> Iterator[str]:
    """The fields of an object, and beneath it, that have such an answer."""
    type_ = schema.type_map[value["__typename"]] if is_abstract_type(parent) else parent
    for node in selections:
        if isinstance(node, InlineFragmentNode) and node.type_condition:
            if node.type_condition.name.value == type_.name:
                yield from shown(schema, type_, node.selection_set.selections, value)
        elif isinstance(node, FieldNode) and (found := value[(node.alias or node.name).value]) not in (None, [], {}):
            yield from within(schema, type_, node, found)


def within(schema: GraphQLSchema, parent: Any, node: FieldNode, found: Any) -> Iterator[str]:
    """A field that has such an answer, and the fields beneath it."""
    if node.name.value == "__typename":
        return
    yield f"{parent.name}.{node.name.value}"
    if node.selection_set:
        beneath = get_named_type(parent.fields[node.name.value].type)
        for item in found if isinstance(found, list) else [found]:
            yield from shown(schema, beneath, node.selection_set.selections, item) if item is not None else ()
