"""Who asks."""

import strawberry

from app.accounts.queries import own
from app.accounts.rules import Scope
from app.tables import Account as Row
from graphql_schema.declaring import column, one
from graphql_schema.paging import Node


@strawberry.type(description="A tenant. Nothing crosses from one account to another.")
class Account(Node):
    """A tenant."""

    name: str = column(Row.name, "Its name.")
    default_region: str = column(Row.default_region, "The region (ISO 3166) in which national numbers are read.")
    time_zone: str = column(Row.time_zone, "Its time zone (IANA).")
    max_channels_per_kind: int = column(
        Row.max_channels_per_kind, "How many addresses of a kind a profile may have; beyond it a link is proposed."
    )
    placeholder_patterns: list[str] = column(
        Row.placeholder_patterns, "Addresses that stand for none, with * and ?, beside those known to everybody."
    )
    role_patterns: list[str] = column(
        Row.role_patterns, "Mailboxes of several people, with * and ?, beside info@, sales@ and the like."
    )


@strawberry.type(description="Whom the API key of this request speaks for.")
class Viewer:
    """Whom the API key speaks for."""

    account: Account = one(own, "The account.")
    scopes: list[Scope] = strawberry.field(description="What the key may do.")
