"""What a person decides about identity: merging, undoing, unlinking, keeping apart, and what a guard stopped."""

from functools import partial
from typing import Annotated, Any

import strawberry

from app.acts import Act
from app.channels.rules import Address, address
from app.consent.rules.evidence import judged
from app.errors import Refusal, Refusals, each_of
from app.identity.errors import OneAddress
from app.identity.operations import extending, joining, parting
from app.identity.operations.adding import Added
from app.identity.operations.joining import MergedProfiles, Resolved
from app.identity.operations.parting import Lifted, Undone, Unlinked
from app.ids import spelled, uuid_of
from app.kinds import KINDS, ChannelKind
from graphql_schema.acting import acted
from graphql_schema.contact import AddContactPayload, payload
from graphql_schema.context import Info
from graphql_schema.decisions import (
    AddChannelInput,
    DeletePayload,
    LiftNeverLinkInput,
    MergePayload,
    MergeProfilesInput,
    ReplaceChannelInput,
    ResolveLinkProposalInput,
    ResolveLinkProposalPayload,
    UndoMergeInput,
    UndoMergePayload,
    UnlinkChannelInput,
    UnlinkChannelPayload,
)
from graphql_schema.errors import answering, told
from graphql_schema.inputs import given, says
from graphql_schema.linking import link_result


def only_address(input: AddChannelInput | ReplaceChannelInput, region: str) -> Address:
    """The one address of the input. Raises a Refusal where there is not exactly one, or none that is valid."""
    texts = {ChannelKind.EMAIL: given(input.email_address), ChannelKind.SMS: given(input.mobile_number)}
    said = [(kind, text) for kind, text in texts.items() if text and text.strip()]
    if len(said) != 1:
        raise OneAddress
    [(kind, text)] = said
    return address(kind, text, region=region, field=(KINDS[kind].input,))


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
            more: dict[str, Any] = {"guards": info.context.caller.guards, "act": act}
            return partial(parting.undo, merge_id=merge_id, never_again=input.never_link_again is not False, **more)

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
            return partial(extending.add_channel, home_id=home_id, address=new, given=checked, **more)

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
            return partial(extending.replace_channel, channel_id=channel_id, address=new, **more)

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
