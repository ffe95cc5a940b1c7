"""What linking would do, without doing it."""

from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.engagement.queries import channel_of
from app.errors import BadInput, Refusal, Refusals, each_of
from app.identity.queries import previews
from app.identity.queries.previews import Preview
from app.identity.rules.contacts import Contact, Submitted, judged
from app.identity.rules.picture import Outcome
from app.ids import uuid_of
from app.kinds import ChannelKind
from app.profiles.queries import found
from app.tables import ConsentStatus, ProposalReason
from graphql_schema.channel import Channel
from graphql_schema.context import Context
from graphql_schema.declaring import expression, many, one
from graphql_schema.inputs import given, optional
from graphql_schema.profile import Profile
from graphql_schema.scalars import EmailAddress, PhoneNumber


@strawberry.input(description="Two addresses that would be given as one person's.")
class AddressPairInput:
    """Two addresses."""

    email_address: EmailAddress = strawberry.field(description="The email address.")
    mobile_number: PhoneNumber = strawberry.field(description="The number; a national one is in the account's region.")


@strawberry.input(one_of=True, description="What is to be previewed: exactly one of these.")
class LinkPreviewInput:
    """What is to be previewed."""

    addresses: AddressPairInput | None = optional("Adding a contact with both addresses.")
    profile_ids: list[strawberry.ID] | None = optional("Merging two profiles by hand.")
    proposal_id: strawberry.ID | None = optional("Accepting a link proposal.")


@strawberry.type(description="A channel of the profile as it would be; its consent stays as it is.")
class PreviewChannel:
    """A channel of the profile as it would be."""

    kind: ChannelKind = expression(lambda row: row.kind, "Email or SMS.")
    address: str = expression(lambda row: row.address, "Its address.")
    channel: Channel | None = one(channel_of, "The channel; null where it would be new.")
    consent: ConsentStatus = expression(lambda row: row.consent_status, "Its consent, now and then.")


@strawberry.type(description="A custom field of the profile as it would be.")
class PreviewField:
    """A custom field of the profile as it would be."""

    key: str = strawberry.field(description="The field.")
    value: JSON | None = strawberry.field(description="What it would show; null for a cleared one.")
    losing: list[JSON | None] = strawberry.field(description="What a profile shows now and would not be shown.")


@strawberry.type(description="What linking would do. Nothing was done.")
class LinkPreview:
    """What linking would do."""

    survivor_id: strawberry.Private[UUID | None]
    absorbed_ids: strawberry.Private[tuple[UUID, ...]]
    channel_ids: strawberry.Private[tuple[UUID, ...]]
    new_email: strawberry.Private[str | None]
    new_mobile: strawberry.Private[str | None]
    outcome: Outcome = strawberry.field(description="What it would do; PROPOSED where a guard would stop it.")
    explanation: str = strawberry.field(description="The same in one sentence for people.")
    guard: ProposalReason | None = strawberry.field(description="The guard that would stop it.")
    survivor: Profile | None = one(
        found.with_id("survivor_id"), "The profile that would go on, as it is now; null where one would be made."
    )
    absorbed: list[Profile] = many(found.with_ids("absorbed_ids"), "The profiles it would absorb, as they are now.")
    channels_after: list[PreviewChannel] = many(previews.channels_after, "The channels that it would have.")
    fields_after: list[PreviewField] = strawberry.field(description="The custom fields that it would show.")


def shown(preview: Preview | None) -> LinkPreview | None:
    """A preview, for the client."""
    if preview is None:
        return None
    names = ("survivor_id", "absorbed_ids", "channel_ids", "new_email", "new_mobile", "outcome", "explanation", "guard")
    fields = [PreviewField(key=f.key, value=f.value, losing=list(f.losing)) for f in preview.fields]
    return LinkPreview(**{name: getattr(preview, name) for name in names}, fields_after=fields)


async def preview(context: Context, of: LinkPreviewInput) -> Preview | None:
    """What linking would do; None for ids that are not found. Raises BadInput for addresses that are none."""
    caller = context.caller
    more: dict[str, Any] = {"guards": caller.guards}
    async with context.database.reading(caller.account_id) as reader:
        pair, profile_ids, proposal_id = given(of.addresses), given(of.profile_ids), given(of.proposal_id)
        if pair is not None:
            contact = _contact(context, pair)
            return await previews.of_contact(reader, contact=contact, **more)
        if profile_ids is not None:
            ids = [uuid_of(id, "Profile") for id in profile_ids]
            return await previews.of_merge(reader, home_ids=ids, **more)
        return await previews.of_proposal(reader, proposal_id=uuid_of(proposal_id or "", "LinkProposal"), **more)


def _contact(context: Context, pair: AddressPairInput) -> Contact:
    caller = context.caller
    data = Submitted(ChannelKind.SMS, email_address=pair.email_address, mobile_number=pair.mobile_number)
    try:
        return judged(data, default_region=caller.region, guards=caller.guards, now=context.now())
    except (Refusal, Refusals) as refused:
        raise BadInput(" ".join(refusal.message for refusal in each_of(refused))) from None
