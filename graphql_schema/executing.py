"""Parsing, checking and executing documents; what was parsed is kept, for clients send the same ones again."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    execute,
    parse,
    specified_rules,
)
from graphql.language import DocumentNode, StringValueNode, Visitor, visit
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import validate_document

from app.errors import BadInput
from graphql_schema import direct
from graphql_schema.context import Context
from graphql_schema.reading import PLANS_KEPT, Kept
from graphql_schema.schema import Execution, schema

MOST_TOKENS = 2000
LONGEST_DOCUMENT = 100_000  # characters: what was parsed holds its text, and many documents are kept
TOO_LONG = f"The document is longer than {LONGEST_DOCUMENT} characters; give large values as variables."


@dataclass(frozen=True, slots=True)
class Chosen:
    """An operation of a document, and how it can be executed directly, where it can."""

    definition: OperationDefinitionNode
    directly: direct.Operation | None


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was parsed and found valid, or why it is neither."""

    fingerprint: str
    parsed: DocumentNode | None
    errors: tuple[GraphQLError, ...]
    operations: tuple[Chosen, ...] = ()

    def operation(self, name: str | None) -> Chosen | None:
        """The operation that the name picks; the only one where no name is given."""
        if name is None:
            return self.operations[0] if len(self.operations) == 1 else None
        named = (each for each in self.operations if each.definition.name and each.definition.name.value == name)
        return next(named, None)


_documents: Kept[Document] = Kept(PLANS_KEPT)


def document(text: str) -> Document:
    """The document of the text, parsed and checked once."""
    digest = sha256(text.encode()).hexdigest()
    if len(text) > LONGEST_DOCUMENT:
        return Document(digest[:16], None, (GraphQLError(TOO_LONG),))
    return _documents.get(digest) or _documents.keep(digest, _checked(text, digest[:16]))


def _checked(text: str, fingerprint: str) -> Document:
    try:
        parsed = parse(text, max_tokens=MOST_TOKENS)
        errors = [*_unspeakable(parsed), *validate_document(schema._schema, parsed, tuple(specified_rules))]
    except RecursionError:
        return Document(fingerprint, None, (GraphQLError("Syntax Error: the document is nested too deep."),))
    except GraphQLError as error:
        return Document(fingerprint, None, (error,))
    if errors:
        return Document(fingerprint, parsed, tuple(errors))
    definitions = [node for node in parsed.definitions if isinstance(node, OperationDefinitionNode)]
    operations = (Chosen(each, direct.operation_of(schema._schema, parsed, each)) for each in definitions)
    return Document(fingerprint, parsed, (), tuple(operations))


def _unspeakable(parsed: DocumentNode) -> list[GraphQLError]:
    """Texts in the document that no database could keep."""
    errors: list[GraphQLError] = []

    class Texts(Visitor):
        def enter_string_value(self, node: StringValueNode, *_: Any) -> None:
            if "\0" in node.value:
                told = BadInput("A text must not contain the character NUL (U+0000).")
                errors.append(GraphQLError(str(told), node, original_error=told))

    visit(parsed, Texts())
    return errors


def is_query(chosen: Chosen | None) -> bool:
    """Whether the operation only reads."""
    return chosen is None or chosen.definition.operation is OperationType.QUERY


async def run(
    found: Document, *, variables: dict[str, Any], operation_name: str | None, context: Context
) -> ExecutionResult:
    """Executes a valid document; errors are in the result, never raised."""
    chosen = found.operation(operation_name)
    if chosen is not None and chosen.directly is not None:
        return await direct.run(schema._schema, chosen.directly, variables, context)
    result = execute(
        schema._schema,
        found.parsed or DocumentNode(),
        variable_values=variables,
        operation_name=operation_name,
        context_value=context,
        executor_class=Execution,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
        operation_extensions=None,
    )
    return result if isinstance(result, ExecutionResult) else await result
