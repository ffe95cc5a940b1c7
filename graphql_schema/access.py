"""What a key may do, for fields that need more than reading or writing."""

from app.accounts.rules import Scope
from app.errors import Forbidden
from graphql_schema.context import Info


def require(info: Info, scope: Scope) -> None:
    """Raises Forbidden where the key of the request lacks the scope."""
    if scope not in info.context.caller.scopes:
        raise Forbidden(scope)
