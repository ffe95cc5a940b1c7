"""What comes in from outside: text messages, and the answers to double opt-ins."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry

from app.acts import Act
from app.consent.rules.evidence import Given
from app.engagement.queries import by_id, channel_of
from app.ids import uuid_of
from app.intake.operations import confirming, receiving
from app.intake.operations.confirming import Asked
from app.intake.operations.receiving import Received
from app.intake.rules import asking, hearing
from app.intake.rules.hearing import Incoming, Receiver
from app.tables import LedgerAct
from graphql_schema.acting import acted
from graphql_schema.channel import Channel
from graphql_schema.consenting import ChannelPayload
from graphql_schema.context import Info
from graphql_schema.declaring import one
from graphql_schema.engagement import Engagement
from graphql_schema.errors import UserError, answering
from graphql_schema.inputs import given, optional, says
from graphql_schema.linking import LinkResult, link_result
from graphql_schema.scalars import PhoneNumber

WRONG = "What is wrong with the input; then nothing was changed."


@strawberry.type(description="What a text message that came in did.")
class ReceiveSmsPayload:
    """What a text message did."""

    channel_id: strawberry.Private[UUID | None] = None
    engagement_id: strawberry.Private[UUID | None] = None
    channel: Channel | None = one(channel_of, "The number that it came from, as it is now.")
    engagement: Engagement | None = one(by_id, "The message, as a response.")
    reply: str | None = strawberry.field(
        default=None, description="The text that is sent back, if any; null where the message had been received before."
    )
    link: LinkResult | None = strawberry.field(
        default=None,
        description=(
            "What it did to the contact's identity: CREATED for an unknown number; where it confirmed a claim, or "
            "claimed an email address, what came of that. Null where the message had been received before."
        ),
    )
    user_errors: list[UserError] = strawberry.field(default_factory=list, description=WRONG)


@strawberry.input(description="A text message that came in.")
class ReceiveSmsInput:
    """A text message."""

    from_: PhoneNumber = strawberry.field(
        name="from", description="The sender's number; a national one is read in the account's region."
    )
    to: PhoneNumber | None = optional("The account's number, or short code, that it was sent to.")
    text: str = strawberry.field(description="The text, at most 10000 characters.")
    external_id: str = strawberry.field(
        description="The provider's id of the message, 1 to 200 characters: the same one again changes nothing."
    )
    received_at: datetime | None = optional("When it came in; left out: now. At most 5 minutes ahead.")

    def incoming(self) -> Incoming:
        """The same for the domain."""
        return Incoming(self.from_, self.text, self.external_id, given(self.received_at), given(self.to))


@strawberry.input(description="A double opt-in that is to be asked for.")
class RequestConfirmationInput:
    """A double opt-in that is to be asked for."""

    channel_id: strawberry.ID = strawberry.field(description="The channel to be confirmed.")
    disclosure: str = strawberry.field(description="The exact wording that the person agrees to by confirming.")
    source_url: str | None = optional("The page where the person gave the address.")
    ip_address: str | None = optional("The address of the person's device.")
    user_agent: str | None = optional("The person's browser.")

    def as_given(self) -> Given:
        """The same for the domain."""
        evidence = (given(self.source_url), given(self.ip_address), given(self.user_agent))
        return Given(LedgerAct.ASK, None, *evidence, self.disclosure)


@strawberry.type
class IntakeMutations:
    """What comes in from outside."""

    @strawberry.mutation(
        description=(
            "Takes a text message that came in. STOP and its like opt the number out, START undoes that, YES confirms "
            "what is pending, HELP gets the help text; a keyword opts the number in, and an email address that it then "
            "asks for is linked as a claim; every other text is only kept as a response. Consent changes for this "
            "number alone, never for an email address. An unknown number becomes a contact."
        )
    )
    @answering(ReceiveSmsPayload)
    async def receive_sms(
        self, info: Info, input: Annotated[ReceiveSmsInput, says("The message.")]
    ) -> ReceiveSmsPayload:
        """Takes a text message."""
        caller = info.context.caller

        def prepare(act: Act) -> Any:
            heard = hearing.judged(input.incoming(), region=caller.region, now=act.at)
            receiver = Receiver(caller.account_id, caller.guards, caller.sender, info.context.signer)
            return partial(receiving.receive, heard=heard, receiver=receiver, act=act)

        received = await acted(info, input, Received, prepare)
        return ReceiveSmsPayload(
            channel_id=received.channel_id,
            engagement_id=received.engagement_id,
            reply=received.reply,
            link=link_result(received.link) if received.link else None,
        )

    @strawberry.mutation(
        description=(
            "Asks for a double opt-in: the channel is PENDING until the person follows the link in the email, or "
            "replies YES to the text, within 7 days. Confirming also resolves the unconfirmed claims that link the "
            "address to others. A person is asked at most once in 10 minutes."
        )
    )
    @answering(ChannelPayload)
    async def request_confirmation(
        self, info: Info, input: Annotated[RequestConfirmationInput, says("What is to be asked, and whom.")]
    ) -> ChannelPayload:
        """Asks for a double opt-in."""
        caller, signer = info.context.caller, info.context.signer

        def prepare(act: Act) -> Any:
            wording = asking.wording(input.as_given(), now=act.at)
            sent: dict[str, Any] = {"account_id": caller.account_id, "account": caller.sender, "signer": signer}
            channel_id = uuid_of(input.channel_id, "Channel")
            return partial(confirming.ask, channel_id=channel_id, given=wording, act=act, **sent)

        asked = await acted(info, input, Asked, prepare)
        return ChannelPayload(id=asked.channel_id)
