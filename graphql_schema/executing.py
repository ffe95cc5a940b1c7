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
from graphql_schema.context import Context
from graphql_schema.reading import PLANS_KEPT, Kept
from graphql_schema.schema import Execution, schema

MOST_TOKENS = 2000


@dataclass(frozen=True, slots=True)
class Document:
    """A document that was parsed and found valid, or why it is neither."""

    fingerprint: str
    parsed: DocumentNode | None
    errors: tuple[GraphQLError, ...]

    def operation(self, name: str | None) -> OperationDefinitionNode | None:
        """The operation that the name picks; the only one where no name is given."""
        found = [
            node
            for node in (self.parsed.definitions if self.parsed else ())
            if isinstance(node, OperationDefinitionNode) and (name is None or (node.name and node.name.value == name))
        ]
        return found[0] if len(found) == 1 else None


_documents: Kept[Document] = Kept(PLANS_KEPT)


def document(text: str) -> Document:
    """The document of the text, parsed and checked once."""
    return _documents.get(text) or _documents.keep(text, _checked(text))


def _checked(text: str) -> Document:
    fingerprint = sha256(text.encode()).hexdigest()[:16]
    try:
        parsed = parse(text, max_tokens=MOST_TOKENS)
        errors = [*_unspeakable(parsed), *validate_document(schema._schema, parsed, tuple(specified_rules))]
    except RecursionError:
        return Document(fingerprint, None, (GraphQLError("Syntax Error: the document is nested too deep."),))
    except GraphQLError as error:
        return Document(fingerprint, None, (error,))
    return Document(fingerprint, parsed, tuple(errors))


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


def is_query(operation: OperationDefinitionNode | None) -> bool:
    """Whether the operation only reads."""
    return operation is None or operation.operation is OperationType.QUERY


async def run(
    parsed: DocumentNode, *, variables: dict[str, Any], operation_name: str | None, context: Context
) -> ExecutionResult:
    """Executes a valid document; errors are in the result, never raised."""
    result = execute(
        schema._schema,
        parsed,
        variable_values=variables,
        operation_name=operation_name,
        context_value=context,
        executor_class=Execution,
        is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
        operation_extensions=None,
    )
    return result if isinstance(result, ExecutionResult) else await result
