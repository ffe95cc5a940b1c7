"""What the law lets people ask: to be left alone, to see what is held of them, to be forgotten."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.accounts.rules import Scope
from app.acts import Act
from app.ids import spelled, uuid_of
from app.privacy.operations import removing, restricting
from app.privacy.operations.removing import Removed
from app.privacy.queries import export
from graphql_schema.access import require
from graphql_schema.acting import acted
from graphql_schema.context import Info
from graphql_schema.decisions import WRONG, DeletePayload
from graphql_schema.editing import ProfilePayload
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import says


@strawberry.input(description="Whether processing of a person's data is restricted.")
class RestrictProcessingInput:
    """Whether processing is restricted."""

    profile_id: strawberry.ID = strawberry.field(description="The profile's id, or one that it absorbed.")
    restricted: bool = strawberry.field(description="True restricts, false lifts; what is so already stays as it is.")


@strawberry.input(description="A contact that is to be deleted.")
class DeleteProfileInput:
    """A contact that is to be deleted."""

    profile_id: strawberry.ID = strawberry.field(description="The profile's id, or one that it absorbed.")


@strawberry.input(description="A person who is to be erased.")
class EraseProfileInput:
    """A person who is to be erased."""

    profile_id: strawberry.ID = strawberry.field(description="The profile's id, or one that it absorbed.")


@strawberry.type(description="What erasing a person did.")
class EraseProfilePayload:
    """What erasing did."""

    erased_profile_id: strawberry.ID | None = strawberry.field(
        default=None, description="The id of the profile, which resolves no more."
    )
    suppressed_identifiers: int = strawberry.field(
        default=0, description="How many addresses are kept out from now on, each known by a keyed hash alone."
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.type
class PrivacyQueries:
    """Seeing what is held."""

    @strawberry.field(
        description=(
            "Everything that is held about a person, for access and portability (GDPR, articles 15 and 20); null for "
            "an id that is malformed, unknown or another account's. Needs the scope ADMIN."
        )
    )
    async def export_profile(
        self, info: Info, id: Annotated[strawberry.ID, says("The profile's id, or one that it absorbed.")]
    ) -> JSON | None:
        """Everything that is held."""
        require(info, Scope.ADMIN)
        async with info.context.database.reading(info.context.caller.account_id) as reader:
            found = await export.of_profile(reader, home_id=uuid_of(id, "Profile"))
        return None if found is None else JSON(found)


@strawberry.type
class PrivacyMutations:
    """Restricting, deleting, erasing."""

    @strawberry.mutation(
        description=(
            "Restricts processing of a person's data (GDPR, article 18), or lifts it: a restricted profile is sent "
            "nothing, and neither gains nor loses links but by hand."
        )
    )
    @answering(ProfilePayload)
    async def restrict_processing(
        self, info: Info, input: Annotated[RestrictProcessingInput, says("Whose, and whether.")]
    ) -> ProfilePayload:
        """Restricts processing, or lifts it."""
        home_id = uuid_of(input.profile_id, "Profile")

        def prepare(act: Act) -> Any:
            return partial(restricting.restrict, home_id=home_id, restricted=input.restricted, act=act)

        return ProfilePayload(id=await acted(info, input, UUID, prepare))

    @strawberry.mutation(
        description=(
            "Deletes a contact with all that is held of it, who may come back; an address that had opted out comes "
            "back suppressed, until a later opt-in with its own time. Needs the scope ADMIN."
        )
    )
    @answering(DeletePayload)
    async def delete_profile(
        self, info: Info, input: Annotated[DeleteProfileInput, says("The contact.")]
    ) -> DeletePayload:
        """Deletes a contact."""
        require(info, Scope.ADMIN)

        def prepare(act: Act) -> Any:
            return partial(removing.delete_profile, home_id=uuid_of(input.profile_id, "Profile"), act=act)

        removed = await acted(info, input, Removed, prepare)
        return DeletePayload(deleted_id=strawberry.ID(spelled("Profile", removed.profile_id)))

    @strawberry.mutation(
        description=(
            "Erases a person (GDPR, article 17): addresses, fields, texts, messages, links and all else that is held, "
            "on every channel. No address of theirs is taken up again without an opt-in later than this. What stays "
            "is anonymous: counts, the skeleton of the consent ledger, keyed hashes. Needs the scope ADMIN."
        )
    )
    @answering(EraseProfilePayload)
    async def erase_profile(
        self, info: Info, input: Annotated[EraseProfileInput, says("The person.")]
    ) -> EraseProfilePayload:
        """Erases a person."""
        require(info, Scope.ADMIN)

        def prepare(act: Act) -> Any:
            return partial(removing.erase_profile, home_id=uuid_of(input.profile_id, "Profile"), act=act)

        removed = await acted(info, input, Removed, prepare)
        id = strawberry.ID(spelled("Profile", removed.profile_id))
        return EraseProfilePayload(erased_profile_id=id, suppressed_identifiers=removed.suppressed)
