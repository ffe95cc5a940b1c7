"""Editing a profile."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.acts import Act
from app.channels import rules
from app.ids import uuid_of
from app.profiles import operations
from app.profiles.operations import Edit
from app.profiles.queries import found
from graphql_schema.acting import acted
from graphql_schema.contact import FIELDS
from graphql_schema.context import Info
from graphql_schema.declaring import one
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import says
from graphql_schema.profile import Profile


@strawberry.type(description="What a change of a profile did.")
class ProfilePayload:
    """What a change of a profile did."""

    id: strawberry.Private[UUID | None] = None
    profile: Profile | None = one(found.at_home, "The profile as it is now.")
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="What is wrong with the input; then nothing was changed."
    )


@strawberry.input(description="What to change of a profile; what is left out stays as it is.")
class UpdateProfileInput:
    """What to change of a profile."""

    id: strawberry.ID = strawberry.field(description="The profile's id, or one that it absorbed.")
    custom_fields: strawberry.Maybe[JSON | None] = strawberry.field(default=None, description=FIELDS)
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        default=None, description="The whole set of tags from now on; null or an empty list removes all."
    )
    gdpr_applies: strawberry.Maybe[bool | None] = strawberry.field(
        default=None, description="Whether the GDPR applies to the person; null means no."
    )
    primary_channel_ids: strawberry.Maybe[list[strawberry.ID] | None] = strawberry.field(
        default=None, description="Channels to prefer, each among its kind."
    )

    def edit(self) -> Edit:
        """The same for the domain. Raises a Refusal for fields and tags that cannot be kept."""
        fields = self.custom_fields.value if self.custom_fields else None
        primary = (self.primary_channel_ids.value or []) if self.primary_channel_ids else []
        return Edit(
            fields=None if fields is None else rules.custom_fields(fields, field=("customFields",)),
            tags=rules.tags(self.tags.value or [], field=("tags",)) if self.tags else None,
            gdpr_applies=bool(self.gdpr_applies.value) if self.gdpr_applies else None,
            primary_ids=[uuid_of(id, "Channel") for id in primary],
        )


@strawberry.type
class EditingMutations:
    """Editing profiles."""

    @strawberry.mutation(
        description=(
            "Changes a profile's field values, tags, GDPR flag and primary channels. Values go to its oldest channel, "
            "so that they stay with it should the profile ever fall apart."
        )
    )
    @answering(ProfilePayload)
    async def update_profile(
        self, info: Info, input: Annotated[UpdateProfileInput, says("What to change.")]
    ) -> ProfilePayload:
        """Changes a profile."""

        def prepare(act: Act) -> Any:
            return partial(operations.update, home_id=uuid_of(input.id, "Profile"), edit=input.edit(), act=act)

        return ProfilePayload(id=await acted(info, input, UUID, prepare))
