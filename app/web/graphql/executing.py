"""What is done with a GraphQL request, by whatever transport it came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from graphql import ExecutionResult

import graphql_schema
from app.accounts.queries import Caller
from app.accounts.rules import Scope
from app.db import Database
from app.errors import Forbidden
from app.live import Feed, Wish
from app.signing import Signer
from app.web.faults import INTERNAL
from app.web.graphql import errors
from app.web.graphql.requests import Asked


class Invalid(Exception):
    """A request that is not executed: what is told of it."""

    def __init__(self, told: list[dict[str, Any]]) -> None:
        super().__init__()
        self.content = {"errors": told}


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of a document, and what goes with it."""

    asked: Asked
    document: graphql_schema.Document
    chosen: graphql_schema.Chosen | None

    @property
    def name(self) -> str | None:
        """Its name, if it has one."""
        named = self.chosen.definition.name if self.chosen else None
        return named.value if named else None

    @property
    def reads(self) -> bool:
        """Whether it only reads."""
        return graphql_schema.is_query(self.chosen)

    @property
    def follows(self) -> bool:
        """Whether it is a subscription."""
        return graphql_schema.is_subscription(self.chosen)


def operation(asked: Asked) -> Operation:
    """The operation that is asked for; its document may be invalid."""
    document = graphql_schema.document(asked.query)
    return Operation(asked, document, document.operation(asked.operation_name))


@dataclass(frozen=True, slots=True)
class Executing:
    """Executes operations, over one database."""

    database: Database
    feed: Feed
    now: Callable[[], datetime]
    secret: bytes
    signer: Signer

    def check(self, operation: Operation, caller: Caller, request_id: str) -> None:
        """Raises Invalid for a document that is none, Forbidden where the key has no scope for the operation."""
        document = operation.document
        if document.parsed is None or document.errors:
            code = errors.VALIDATION_FAILED if document.parsed else errors.PARSE_FAILED
            raise Invalid(errors.told(document.errors, otherwise=code, request_id=request_id))
        needed = Scope.READ if operation.reads or operation.follows else Scope.WRITE
        if needed not in caller.scopes:
            raise Forbidden(needed)

    async def answer(self, operation: Operation, caller: Caller, request_id: str) -> dict[str, Any]:
        """The answer to a query or a mutation. Raises Invalid where it was not begun, such as without a variable."""
        asked = operation.asked
        result = await graphql_schema.run(
            operation.document,
            variables=asked.variables,
            operation_name=asked.operation_name,
            context=self._context(operation, caller),
        )
        return executed(result, request_id)

    async def wish(self, operation: Operation, caller: Caller, request_id: str) -> Wish:
        """What a subscription wishes for. Raises Invalid."""
        wish = await graphql_schema.subscribe(
            operation.document,
            operation.chosen,
            variables=operation.asked.variables,
            context=self._context(operation, caller),
        )
        if isinstance(wish, Wish):
            return wish
        code = INTERNAL if any(error.path is not None for error in wish) else errors.BAD_USER_INPUT
        raise Invalid(errors.told(wish, otherwise=code, request_id=request_id))

    def _context(self, operation: Operation, caller: Caller) -> graphql_schema.Context:
        key = operation.asked.idempotency_key
        return graphql_schema.Context(self.database, caller, self.now, self.secret, self.signer, key)


def executed(result: ExecutionResult, request_id: str) -> dict[str, Any]:
    """The answer of an execution. Raises Invalid where nothing was executed."""
    if not result.errors:
        return {"data": result.data}
    begun = result.data is not None or any(error.path is not None for error in result.errors)
    code = INTERNAL if begun else errors.BAD_USER_INPUT
    told = errors.told(result.errors, otherwise=code, request_id=request_id)
    if not begun:
        raise Invalid(told)
    return {"errors": told, "data": result.data}
