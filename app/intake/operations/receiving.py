"""Text messages that come in."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act
from app.channels import operations as channels
from app.consent.queries.ledger import Ledger
from app.consent.rules.words import Said
from app.db import Again, Writer, first
from app.delivery import operations as delivery
from app.engagement import operations as engagement
from app.engagement.operations import Entry
from app.engagement.queries import BY_EXTERNAL_ID
from app.errors import Refusal, Refusals, each_of
from app.identity.errors import BlockedIdentifier
from app.identity.operations import adding
from app.identity.operations.adding import Added
from app.identity.queries import state
from app.identity.rules.contacts import Contact
from app.identity.rules.guarding import is_placeholder
from app.identity.rules.picture import Outcome
from app.intake.operations import confirming, keywords
from app.intake.operations.heeding import Hearing, heeding
from app.intake.operations.taking import Taken, take
from app.intake.rules.hearing import Heard, Receiver, beside_from
from app.kinds import ChannelKind, EngagementKind
from app.tables import IntakeMethod, LinkTrust, MessagePurpose

NO_REGION = "ZZ"  # a number as E.164 needs none to be read


@dataclass(frozen=True, slots=True)
class Received:
    """What a text message did: where it stands, the text of the one reply, and what it did to identity.

    A message that had been received before did nothing more: it gets no reply, and has no `link`.
    """

    channel_id: UUID
    engagement_id: UUID
    reply: str | None = None
    link: Added | None = None


async def receive(writer: Writer, *, heard: Heard, receiver: Receiver, act: Act) -> Received:
    """Takes a text message: keeps it as a response, heeds it, and queues the one reply.

    It is heeded as a word (STOP, START, YES, HELP), else as a keyword, else as an email address that a keyword asked
    for. The same external id again changes nothing. A number that is not known makes a profile of its own. Every effect
    touches the number alone, a link that it claims aside. Raises Refusals for an erased number.
    """
    known = first(await writer.fetch(BY_EXTERNAL_ID, kind=EngagementKind.RESPONSE, external_id=heard.external_id))
    if known is not None:
        return Received(known.channel_id, known.id)
    taken = await take(writer, heard, receiver.guards)
    by = keywords.by_keyword(taken.by, act) if taken.by else replace(act, method=IntakeMethod.INBOUND)
    before = await _before(writer, heard, taken)
    added = await _added(writer, heard, taken, receiver.guards, by)
    if taken.keyword and before is None and added.outcome is not Outcome.CREATED:
        raise Again  # somebody made it meanwhile, and what held before is not known
    channel_id = added.channel_ids[0]
    engagement_id = await _kept(writer, channel_id, heard, by)
    writer.later(channels.VERIFY, channel_id=channel_id, at=heard.at)
    more = Hearing(heard, taken, before, added, receiver, by)
    heeded = await heeding(taken)(writer, channel_id, more)
    if heeded.reply:
        _reply(writer, channel_id, heeded.reply, by)
    return Received(channel_id, engagement_id, heeded.reply, heeded.link or added)


async def _before(writer: Writer, heard: Heard, taken: Taken) -> Ledger | None:
    """Locks what heeding the text will be about, in the order of everybody; what held before, for a keyword."""
    if taken.word is Said.YES:
        await confirming.lock_for_reply(writer, number=heard.number)
    return await keywords.standing(writer, number=heard.number) if taken.keyword else None


async def _added(writer: Writer, heard: Heard, taken: Taken, guards: Guards, act: Act) -> Added:
    """The number's channel, found or made, with what the text says of it besides.

    Raises Refusals for an unknown number that stands for nobody, or was erased.
    """
    nobody = is_placeholder(ChannelKind.SMS, heard.number.text, NO_REGION, guards)
    if nobody and not await state.at_addresses(writer, [heard.number]):
        raise Refusals([BlockedIdentifier("from", heard.number.text)])
    consents = keywords.opt_in(taken.keyword, heard) if taken.keyword else {}
    alone = Contact(heard.number, consents=consents)
    claiming = Contact(heard.number, taken.address, trust=LinkTrust.CLAIMED) if taken.address else alone
    try:
        return await _claimed(writer, claiming, alone, guards, act)
    except (Refusal, Refusals) as refused:
        raise Refusals([beside_from(refusal) for refusal in each_of(refused)]) from None


async def _claimed(writer: Writer, claiming: Contact, alone: Contact, guards: Guards, act: Act) -> Added:
    """Adds the contact with the address that it claims; without it where that was erased, which nobody is told."""
    try:
        return await adding.add_contact(writer, contact=claiming, guards=guards, act=act)
    except Refusals:
        if claiming.other is None:
            raise
    return await adding.add_contact(writer, contact=alone, guards=guards, act=act)


async def _kept(writer: Writer, channel_id: UUID, heard: Heard, act: Act) -> UUID:
    """Keeps the message as a response; its id. Raises Again where it was received meanwhile."""
    said: dict[str, Any] = {"external_id": heard.external_id, "text": heard.text}
    said |= {"properties": {"to": heard.to}} if heard.to else {}
    entry = Entry(channel_id, EngagementKind.RESPONSE, heard.at, **said)
    [engagement_id] = await engagement.append(writer, entries=[entry], act=act)
    if engagement_id is None:
        raise Again
    return engagement_id


def _reply(writer: Writer, channel_id: UUID, text: str, act: Act) -> None:
    """Queues the one answer that the person's own message gets."""
    purpose = MessagePurpose.TRANSACTIONAL
    delivery.queue(writer, channel_id=channel_id, purpose=purpose, subject=None, body=text, is_reply=True, act=act)
