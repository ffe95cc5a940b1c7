"""Mistakes as data: a user's mistake stands in the payload, beside the field that it is about."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import strawberry

from app.errors import ErrorCode, Refusal, Refusals, each_of

P = ParamSpec("P")
T = TypeVar("T")


@strawberry.type(description="A mistake in the input: the payload that carries it changed nothing.")
class UserError:
    """A mistake in the input."""

    code: ErrorCode = strawberry.field(description="What kind of mistake, for programs.")
    field: list[str] | None = strawberry.field(description='The path into the input, such as ["emailAddress"].')
    message: str = strawberry.field(description="One sentence that says what to do.")


def told(refusal: Refusal) -> UserError:
    """A refusal as the API tells it."""
    return UserError(code=refusal.code, field=list(refusal.field) or None, message=refusal.message)


def answering(payload: Callable[..., T]) -> Callable[[Callable[P, Awaitable[T]]], Callable[P, Awaitable[T]]]:
    """Decorates a mutation's resolver: refusals become the payload's user errors."""

    def decorate(resolve: Callable[P, Awaitable[T]]) -> Callable[P, Awaitable[T]]:
        @wraps(resolve)
        async def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return await resolve(*args, **kwargs)
            except (Refusal, Refusals) as refused:
                return payload(user_errors=[told(refusal) for refusal in each_of(refused)])

        return answer

    return decorate
