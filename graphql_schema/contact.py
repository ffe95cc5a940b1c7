"""Adding contacts: submit an email address and a mobile number together, and the two are linked."""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from app.acts import Act
from app.channels import queries as channels
from app.engagement.queries import channel_of
from app.errors import ErrorCode
from app.identity.operations import adding
from app.identity.operations.adding import Added
from app.identity.rules.contacts import Submitted, judged
from app.kinds import ChannelKind
from app.profiles.queries import found
from graphql_schema.acting import acted
from graphql_schema.channel import Channel
from graphql_schema.consent import ConsentInput
from graphql_schema.context import Info
from graphql_schema.declaring import many, one
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import given, optional, says
from graphql_schema.linking import LinkResult, link_result
from graphql_schema.profile import Profile
from graphql_schema.scalars import EmailAddress, PhoneNumber

REGION = "The region (ISO 3166) in which a national number is read; else the account's."
FIELDS = "Field values by key, at most 64 and 16 KB; a key not named stays, null clears, an empty text is a value."


@strawberry.type(description="An opt-in that was refused; the rest of the call was applied.")
class ConsentRefusal:
    """An opt-in that was refused."""

    channel_id: strawberry.Private[UUID]
    channel: Channel = one(channel_of, "The channel that it was for.")
    code: ErrorCode = strawberry.field(description="Why, for programs.")
    message: str = strawberry.field(description="Why, and what to do, in one sentence.")


@strawberry.type(description="What adding a contact did.")
class AddContactPayload:
    """What adding a contact did."""

    id: strawberry.Private[UUID | None] = None
    channel_ids: strawberry.Private[tuple[UUID, ...]] = ()
    profile: Profile | None = one(found.at_home, "The contact's profile as it is now.")
    channels: list[Channel] = many(channels.by_ids, "The channels of the addresses that were given.")
    link: LinkResult | None = strawberry.field(default=None, description="What it did to the contact's identity.")
    consent_refused: list[ConsentRefusal] = strawberry.field(
        default_factory=list, description="Opt-ins that an opt-out stands against; the rest was applied."
    )
    user_errors: list[UserError] = strawberry.field(
        default_factory=list, description="What is wrong with the input; then nothing was changed."
    )


@strawberry.input(description="An SMS contact, with an email address where it is known.")
class AddSmsContactInput:
    """An SMS contact."""

    mobile_number: PhoneNumber = strawberry.field(description="The number that the contact is known by.")
    email_address: EmailAddress | None = optional("Submit it, and the two are linked.")
    custom_fields: JSON | None = optional(FIELDS)
    tags: list[str] | None = optional("Tags to add, at most 100 of at most 100 characters.")
    source_detail: str | None = optional("Where the data comes from, for the record: a system, a list, a campaign.")
    default_region: str | None = optional(REGION)
    sms_consent: ConsentInput | None = optional("What the contact did about text messages.")
    email_consent: ConsentInput | None = optional("What the contact did about email; needs the email address.")


@strawberry.input(description="An email contact, with a mobile number where it is known.")
class AddEmailContactInput:
    """An email contact."""

    email_address: EmailAddress = strawberry.field(description="The address that the contact is known by.")
    mobile_number: PhoneNumber | None = optional("Submit it, and the two are linked.")
    custom_fields: JSON | None = optional(FIELDS)
    tags: list[str] | None = optional("Tags to add, at most 100 of at most 100 characters.")
    source_detail: str | None = optional("Where the data comes from, for the record: a system, a list, a campaign.")
    default_region: str | None = optional(REGION)
    email_consent: ConsentInput | None = optional("What the contact did about email.")
    sms_consent: ConsentInput | None = optional("What the contact did about text messages; needs the mobile number.")


def submitted(own: ChannelKind, data: AddSmsContactInput | AddEmailContactInput) -> Submitted:
    """The input as the domain takes it."""
    consents = {ChannelKind.EMAIL: given(data.email_consent), ChannelKind.SMS: given(data.sms_consent)}
    return Submitted(
        own,
        email_address=given(data.email_address),
        mobile_number=given(data.mobile_number),
        custom_fields=given(data.custom_fields),
        tags=given(data.tags) or (),
        detail=given(data.source_detail),
        region=given(data.default_region),
        consents={kind: consent.as_given() for kind, consent in consents.items() if consent is not None},
    )


async def add(info: Info, own: ChannelKind, input: AddSmsContactInput | AddEmailContactInput) -> AddContactPayload:
    """Adds the contact in one transaction."""
    caller = info.context.caller

    def prepare(act: Act) -> Any:
        data = submitted(own, input)
        contact = judged(data, default_region=caller.region, guards=caller.guards, now=act.at)
        return partial(adding.add_contact, contact=contact, guards=caller.guards, act=act)

    return payload(await acted(info, input, Added, prepare, detail=given(input.source_detail)))


def payload(added: Added) -> AddContactPayload:
    """What adding did, for the client."""
    return AddContactPayload(
        id=added.profile_id,
        channel_ids=added.channel_ids,
        link=link_result(added),
        consent_refused=[
            ConsentRefusal(channel_id=refused.channel_id, code=refused.code, message=refused.message)
            for refused in added.refused
        ],
    )


@strawberry.type
class ContactMutations:
    """Adding contacts."""

    @strawberry.mutation(
        description=(
            "Adds an SMS contact. With an email address the two are linked: a new address joins the known profile, "
            "and two known profiles become one, under the older id. Consent stays with each channel."
        )
    )
    @answering(AddContactPayload)
    async def add_sms_contact(
        self, info: Info, input: Annotated[AddSmsContactInput, says("The contact.")]
    ) -> AddContactPayload:
        """Adds an SMS contact."""
        return await add(info, ChannelKind.SMS, input)

    @strawberry.mutation(description="Adds an email contact; the mirror of addSmsContact.")
    @answering(AddContactPayload)
    async def add_email_contact(
        self, info: Info, input: Annotated[AddEmailContactInput, says("The contact.")]
    ) -> AddContactPayload:
        """Adds an email contact."""
        return await add(info, ChannelKind.EMAIL, input)
