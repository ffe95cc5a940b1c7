"""What can be asked."""

from typing import Annotated, Any

import strawberry

from app.channels import queries as channels
from app.channels import rules
from app.profiles.queries import found, order
from app.profiles.queries.order import Direction, OrderField
from app.reading import Page
from app.tables import IntakeMethod
from graphql_schema import nodes
from graphql_schema.account import Viewer
from graphql_schema.context import Info
from graphql_schema.declaring import PAGING, expression, many, one
from graphql_schema.inputs import given, optional, says
from graphql_schema.paging import Connection, Node
from graphql_schema.profile import Profile
from graphql_schema.reading import read
from graphql_schema.scalars import EmailAddress, PhoneNumber


@strawberry.input(one_of=True, description="How a profile is found: by exactly one of these.")
class ProfileLookup:
    """How a profile is found."""

    id: strawberry.ID | None = optional("Its id, or one that it absorbed.")
    email_address: EmailAddress | None = optional("Any of its email addresses.")
    mobile_number: PhoneNumber | None = optional("Any of its numbers; a national one is read in the account's region.")


@strawberry.input(description="In which order profiles are listed.")
class ProfileOrder:
    """In which order profiles are listed."""

    field: OrderField = strawberry.field(description="By what.")
    direction: Direction = strawberry.field(description="In which direction.")


@strawberry.type(description="How many profiles came in by one way, and how many of them are linked.")
class LinkageByMethod:
    """How many profiles came in by one way."""

    method: IntakeMethod = expression(lambda row: row.method, "The way in that the profile's oldest channel took.")
    profiles: int = expression(lambda row: row.profiles, "How many profiles.")
    linked: int = expression(lambda row: row.linked, "How many of them have both an email and an SMS channel.")


@strawberry.type(description="How many profiles are linked.")
class LinkageReport:
    """How many profiles are linked."""

    profiles: int = expression(lambda row: row.profiles, "How many profiles there are.")
    linked: int = expression(lambda row: row.linked, "How many have both an email and an SMS channel.")
    email_only: int = expression(lambda row: row.email_only, "How many have no SMS channel.")
    sms_only: int = expression(lambda row: row.sms_only, "How many have no email channel.")
    by_method: list[LinkageByMethod] = many(found.linkage_by_method, "The same by the way in.")


SEARCH = "Beginnings of words of a name or an address, all of which must be found: `ann lee`, `lee@`, `415 555`."
NEWEST = ProfileOrder(field=OrderField.CREATED_AT, direction=Direction.DESC)


@strawberry.type(description="What can be asked.")
class Query:
    """What can be asked."""

    linkage: LinkageReport = one(found.linkage, "How many profiles there are, and how many of them are linked.")

    tags: list[str] = expression(channels.all_tags, "All tags of the account's contacts, in order of the alphabet.")

    @strawberry.field(description="Whom the API key of this request speaks for.")
    async def viewer(self, info: Info) -> Viewer:
        """Whom the key speaks for."""
        return Viewer(scopes=sorted(info.context.caller.scopes))

    @strawberry.field(
        description="Any object by its id; null for one that is malformed, unknown or another account's, all alike.",
        graphql_type=Node | None,
    )
    async def node(self, info: Info, id: Annotated[strawberry.ID, says("The id.")]) -> Any:
        """Any object by its id."""
        return await nodes.one(info._raw_info, id)

    @strawberry.field(
        description="Several objects by their ids, at most 100: in the order asked for, null where there is none.",
        graphql_type=list[Node | None],
    )
    async def nodes(self, info: Info, ids: Annotated[list[strawberry.ID], says("The ids.")]) -> Any:
        """Several objects by their ids."""
        return await nodes.several(info._raw_info, ids)

    @strawberry.field(description="One profile; null where there is none.", graphql_type=Profile | None)
    async def profile(self, info: Info, by: Annotated[ProfileLookup, says("How to find it.")]) -> Any:
        """One profile."""
        return await nodes.profile(info._raw_info, by, info.context.caller.region)

    @strawberry.field(description="All profiles, or those that a search finds.", graphql_type=Connection[Profile])
    async def profiles(
        self,
        info: Info,
        first: Annotated[int | None, says(PAGING["first"][1])] = strawberry.UNSET,  # noqa: ARG002 -- paging is compiled
        after: Annotated[str | None, says(PAGING["after"][1])] = strawberry.UNSET,  # noqa: ARG002
        last: Annotated[int | None, says(PAGING["last"][1])] = strawberry.UNSET,  # noqa: ARG002
        before: Annotated[str | None, says(PAGING["before"][1])] = strawberry.UNSET,  # noqa: ARG002
        search: Annotated[str | None, says(SEARCH)] = strawberry.UNSET,
        order_by: Annotated[ProfileOrder | None, says("In which order.")] = NEWEST,  # noqa: ARG002
    ) -> Any:
        """All profiles, or those that a search finds."""
        words = rules.sought(given(search) or "")
        source = Page(found.by_words(len(words)) if words else found.every, order.by)
        return await read(info._raw_info, source, found.words_asked(words), variant=len(words))
