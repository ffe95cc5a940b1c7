"""Changing something once: every mutation acts through here, so that every mutation takes an Idempotency-Key."""

from collections.abc import Awaitable, Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

import strawberry

from app.acts import Act
from app.db import Writer
from app.idempotency import operations, rules
from app.idempotency.rules import Call
from graphql_schema.context import Info

T = TypeVar("T")
Prepare = Callable[[Act], Callable[[Writer], Awaitable[T]]]


async def acted(info: Info, content: Any, of: type[T], prepare: Prepare[T], *, detail: str | None = None) -> T:
    """The outcome of a mutation: `prepare` judges the input for an act, and gives the work of its transaction.

    `content` is the mutation's input; with an Idempotency-Key, the same content is acted on once. `of` is the type of
    the outcome, made of ids, codes and texts. Raises Refusals.
    """
    context = info.context
    act = context.act(detail)
    account_id = context.caller.account_id
    return await operations.once(
        context.database, account_id, call=call(info, content), of=of, prepare=lambda: prepare(act), now=act.at
    )


def call(info: Info, content: Any) -> Call | None:
    """The change under its key, where the request has one: each field of the request is a change of its own."""
    key = info.context.idempotency_key
    if key is None:
        return None
    return Call(key, str(info.path.key), rules.fingerprint(info.field_name, plain(content)))


def plain(value: Any) -> Any:
    """An input as plain values: what was left out is left out, other than a null."""
    if isinstance(value, strawberry.Some):
        return {"given": plain(value.value)}
    if is_dataclass(value) and not isinstance(value, type):
        given = {field.name: getattr(value, field.name) for field in fields(value)}
        return {name: plain(item) for name, item in given.items() if item is not strawberry.UNSET}
    match value:
        case list():
            return [plain(item) for item in value]
        case dict():
            return {name: plain(item) for name, item in value.items()}
        case Enum():
            return value.value
        case datetime():
            return value.isoformat()
    return value
