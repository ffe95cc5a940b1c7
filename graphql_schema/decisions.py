"""What a person's decisions about identity take and give; `deciding` has the mutations."""

from uuid import UUID

import strawberry

from app.identity.queries import decisions, evidence
from app.profiles.queries import found
from graphql_schema.consent import ConsentInput
from graphql_schema.declaring import many, one
from graphql_schema.errors import UserError
from graphql_schema.inputs import optional
from graphql_schema.linking import Link, LinkProposal, LinkResult, ProfileMerge
from graphql_schema.profile import Profile
from graphql_schema.scalars import EmailAddress, PhoneNumber

WRONG = "What is wrong with the input; then nothing was changed."


@strawberry.type(description="What merging two profiles did.")
class MergePayload:
    """What merging did."""

    id: strawberry.Private[UUID | None] = None
    merge_id: strawberry.Private[UUID | None] = None
    profile: Profile | None = one(found.at_home, "The one profile, as it is now.")
    merge: ProfileMerge | None = one(evidence.merge_by_id, "What was merged.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.type(description="What undoing a merge did.")
class UndoMergePayload:
    """What undoing did."""

    survivor_id: strawberry.Private[UUID | None] = None
    restored_id: strawberry.Private[UUID | None] = None
    merge_id: strawberry.Private[UUID | None] = None
    held_ids: strawberry.Private[tuple[UUID, ...]] = ()
    survivor: Profile | None = one(found.with_id("survivor_id"), "The profile that keeps its id, as it is now.")
    restored: Profile | None = one(found.with_id("restored_id"), "The profile that is its own again, as it is now.")
    merge: ProfileMerge | None = one(evidence.merge_by_id, "The merge that was undone.")
    held_by: list[Link] = many(evidence.links_by_id, "Where it was refused: the links that still hold the two sides.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.type(description="What unlinking a channel did.")
class UnlinkChannelPayload:
    """What unlinking did."""

    remaining_id: strawberry.Private[UUID | None] = None
    separated_id: strawberry.Private[UUID | None] = None
    remaining: Profile | None = one(found.with_id("remaining_id"), "The profile without the channel, as it is now.")
    separated: Profile | None = one(found.with_id("separated_id"), "The channel's own profile, as it is now.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.type(description="What resolving a link proposal did.")
class ResolveLinkProposalPayload:
    """What resolving did."""

    proposal_id: strawberry.Private[UUID | None] = None
    proposal: LinkProposal | None = one(decisions.proposal_by_id, "The proposal as it is now.")
    link: LinkResult | None = strawberry.field(default=None, description="What accepting it did.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.type(description="What was deleted.")
class DeletePayload:
    """What was deleted."""

    deleted_id: strawberry.ID | None = strawberry.field(default=None, description="Its id, which resolves no more.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.input(description="Two profiles that are one person's.")
class MergeProfilesInput:
    """Two profiles."""

    profile_ids: list[strawberry.ID] = strawberry.field(description="Two ids, of any age; the older profile survives.")
    reason: str | None = optional("Why, for the record; at most 1000 characters.")


@strawberry.input(description="A merge that is to be undone.")
class UndoMergeInput:
    """A merge."""

    merge_id: strawberry.ID = strawberry.field(description="The merge.")
    never_link_again: bool | None = strawberry.field(
        default=True, description="Whether the two sides are kept apart from now on; see liftNeverLink."
    )


@strawberry.input(description="A channel that is not this person's.")
class UnlinkChannelInput:
    """A channel."""

    channel_id: strawberry.ID = strawberry.field(description="The channel.")
    never_link_again: bool | None = strawberry.field(
        default=False, description="Whether it is kept apart from the others of its profile from now on."
    )


@strawberry.input(description="A never-link that was wrong.")
class LiftNeverLinkInput:
    """A never-link."""

    id: strawberry.ID = strawberry.field(description="The never-link.")


@strawberry.input(description="One more address of a known person: exactly one.")
class AddChannelInput:
    """One more address."""

    profile_id: strawberry.ID = strawberry.field(description="The profile, by any id that it ever had.")
    email_address: EmailAddress | None = optional("The email address.")
    mobile_number: PhoneNumber | None = optional("The number; a national one is read in the account's region.")
    consent: ConsentInput | None = optional("What the person did about being contacted there.")


@strawberry.input(description="An address that takes the place of another of its kind: exactly one.")
class ReplaceChannelInput:
    """An address that takes the place of another."""

    channel_id: strawberry.ID = strawberry.field(description="The channel that is not in use any more.")
    email_address: EmailAddress | None = optional("The new email address.")
    mobile_number: PhoneNumber | None = optional("The new number; a national one is read in the account's region.")


@strawberry.input(description="A decision about a link that a guard stopped.")
class ResolveLinkProposalInput:
    """A decision."""

    id: strawberry.ID = strawberry.field(description="The proposal.")
    accept: bool = strawberry.field(description="True links, overruling the guard; false makes a never-link.")
