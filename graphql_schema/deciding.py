"""What a person decides about identity: merging, undoing, unlinking, keeping apart, and what a guard stopped."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.acts import Act
from app.channels.rules import Address
from app.consent.rules import judged
from app.errors import Refusal, Refusals, each_of
from app.identity.errors import OneAddress
from app.identity.operations import adding, joining, parting
from app.identity.operations.adding import Added
from app.identity.operations.joining import MergedProfiles, Resolved
from app.identity.operations.parting import Lifted, Undone, Unlinked
from app.identity.queries import decisions, evidence
from app.identity.rules.contacts import address
from app.ids import spelled, uuid_of
from app.profiles.queries import found
from app.tables import ChannelKind
from graphql_schema.acting import acted
from graphql_schema.consent import ConsentInput
from graphql_schema.contact import AddContactPayload, payload
from graphql_schema.context import Info
from graphql_schema.declaring import many, one
from graphql_schema.errors import UserError, answering, told
from graphql_schema.inputs import given, optional, says
from graphql_schema.linking import Link, LinkProposal, LinkResult, ProfileMerge, link_result
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


def only_address(input: AddChannelInput | ReplaceChannelInput, region: str) -> Address:
    """The one address of the input. Raises a Refusal where there is not exactly one, or none that is valid."""
    texts = {ChannelKind.EMAIL: given(input.email_address), ChannelKind.SMS: given(input.mobile_number)}
    said = [(kind, text) for kind, text in texts.items() if text and text.strip()]
    if len(said) != 1:
        raise OneAddress
    [(kind, text)] = said
    return address(kind, text, region)


@strawberry.type
class DecidingMutations:
    """Decisions about identity."""

    @strawberry.mutation(
        description=(
            "Merges two profiles by hand, under the older one's id. Nothing is moved or rewritten, so that undoMerge "
            "is exact; consent stays with each channel."
        )
    )
    @answering(MergePayload)
    async def merge_profiles(
        self, info: Info, input: Annotated[MergeProfilesInput, says("The two profiles.")]
    ) -> MergePayload:
        """Merges two profiles."""
        ids = [uuid_of(id, "Profile") for id in input.profile_ids]

        def prepare(act: Act) -> Any:
            guards = info.context.caller.guards
            return partial(joining.merge, home_ids=ids, reason=given(input.reason), guards=guards, act=act)

        merged = await acted(info, input, MergedProfiles, prepare)
        return MergePayload(id=merged.profile_id, merge_id=merged.merge_id)

    @strawberry.mutation(
        description=(
            "Undoes a merge exactly: channels, fields, tags, consent and history go with their channels, and each side "
            "is what it was, with what happened to it since. Refused where other links still hold the sides together."
        )
    )
    @answering(UndoMergePayload)
    async def undo_merge(self, info: Info, input: Annotated[UndoMergeInput, says("The merge.")]) -> UndoMergePayload:
        """Undoes a merge."""
        merge_id = uuid_of(input.merge_id, "ProfileMerge")

        def prepare(act: Act) -> Any:
            return partial(parting.undo, merge_id=merge_id, never_again=input.never_link_again is not False, act=act)

        try:
            undone = await acted(info, input, Undone, prepare)
        except (Refusal, Refusals) as refused:
            [refusal] = each_of(refused)
            return UndoMergePayload(held_ids=refusal.ids, user_errors=[told(refusal)])
        return UndoMergePayload(
            survivor_id=undone.survivor_id, restored_id=undone.restored_id, merge_id=undone.merge_id
        )

    @strawberry.mutation(
        description=(
            "Retracts all links of a channel, so that it is a profile of its own; what only it held together falls "
            "apart too."
        )
    )
    @answering(UnlinkChannelPayload)
    async def unlink_channel(
        self, info: Info, input: Annotated[UnlinkChannelInput, says("The channel.")]
    ) -> UnlinkChannelPayload:
        """Unlinks a channel."""
        channel_id = uuid_of(input.channel_id, "Channel")

        def prepare(act: Act) -> Any:
            return partial(parting.unlink, channel_id=channel_id, never_again=bool(input.never_link_again), act=act)

        unlinked = await acted(info, input, Unlinked, prepare)
        return UnlinkChannelPayload(remaining_id=unlinked.remaining_id, separated_id=unlinked.separated_id)

    @strawberry.mutation(description="Lifts a never-link: its channels may be linked again.")
    @answering(DeletePayload)
    async def lift_never_link(
        self, info: Info, input: Annotated[LiftNeverLinkInput, says("The never-link.")]
    ) -> DeletePayload:
        """Lifts a never-link."""

        def prepare(act: Act) -> Any:
            return partial(parting.lift, never_link_id=uuid_of(input.id, "NeverLink"), act=act)

        lifted = await acted(info, input, Lifted, prepare)
        return DeletePayload(deleted_id=strawberry.ID(spelled("NeverLink", lifted.never_link_id)))

    @strawberry.mutation(
        description=(
            "Adds an address to a profile. Where it is known already, the two profiles are merged, guards permitting."
        )
    )
    @answering(AddContactPayload)
    async def add_channel(
        self, info: Info, input: Annotated[AddChannelInput, says("The address.")]
    ) -> AddContactPayload:
        """Adds an address to a profile."""
        caller = info.context.caller

        def prepare(act: Act) -> Any:
            consent = given(input.consent)
            checked = None if consent is None else judged(consent.as_given(), now=act.at, field=("consent",))
            new = only_address(input, caller.region)
            home_id = uuid_of(input.profile_id, "Profile")
            more: dict[str, Any] = {"guards": caller.guards, "act": act}
            return partial(adding.add_channel, home_id=home_id, address=new, given=checked, **more)

        return payload(await acted(info, input, Added, prepare))

    @strawberry.mutation(
        description=(
            "Puts a new address in the place of one that is not in use any more: the new one starts without consent "
            "and is primary, the old one expires and keeps its history."
        )
    )
    @answering(AddContactPayload)
    async def replace_channel(
        self, info: Info, input: Annotated[ReplaceChannelInput, says("The address.")]
    ) -> AddContactPayload:
        """Puts a new address in the place of another."""
        caller = info.context.caller

        def prepare(act: Act) -> Any:
            new = only_address(input, caller.region)
            channel_id = uuid_of(input.channel_id, "Channel")
            more: dict[str, Any] = {"guards": caller.guards, "act": act}
            return partial(adding.replace_channel, channel_id=channel_id, address=new, **more)

        return payload(await acted(info, input, Added, prepare))

    @strawberry.mutation(
        description=(
            "Decides about a link that a guard stopped: accepting links, rejecting keeps the two channels apart."
        )
    )
    @answering(ResolveLinkProposalPayload)
    async def resolve_link_proposal(
        self, info: Info, input: Annotated[ResolveLinkProposalInput, says("The decision.")]
    ) -> ResolveLinkProposalPayload:
        """Decides about a link proposal."""
        proposal_id = uuid_of(input.id, "LinkProposal")

        def prepare(act: Act) -> Any:
            more: dict[str, Any] = {"guards": info.context.caller.guards, "act": act}
            return partial(joining.resolve, proposal_id=proposal_id, accept=input.accept, **more)

        resolved = await acted(info, input, Resolved, prepare)
        link = link_result(resolved.added) if resolved.added else None
        return ResolveLinkProposalPayload(proposal_id=resolved.proposal_id, link=link)
