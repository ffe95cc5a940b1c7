"""Text messages that come in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from app.accounts.rules import Guards, Sender
from app.acts import Act
from app.channels import operations as channels
from app.consent import operations as consent
from app.consent.queries.ledger import LOCKED_LEDGERS, Ledger
from app.consent.rules.evidence import Given
from app.consent.rules.words import Said, said
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
from app.intake.operations import confirming
from app.intake.rules import texts
from app.intake.rules.hearing import Heard, beside_from
from app.kinds import ChannelKind, EngagementKind
from app.tables import ConsentStatus, IntakeMethod, LedgerAct, MessagePurpose

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


@dataclass(frozen=True, slots=True)
class Heeded:
    """What heeding a word leads to: a reply, and what it did to identity."""

    reply: str | None = None
    link: Added | None = None


async def receive(writer: Writer, *, heard: Heard, guards: Guards, account: Sender, act: Act) -> Received:
    """Takes a text message: keeps it as a response, heeds its word (STOP, START, YES, HELP), and queues the one reply.

    The same external id again changes nothing. A number that is not known makes a profile of its own. Every effect
    touches the number alone. Raises Refusals for an erased number.
    """
    known = first(await writer.fetch(BY_EXTERNAL_ID, kind=EngagementKind.RESPONSE, external_id=heard.external_id))
    if known is not None:
        return Received(known.channel_id, known.id)
    inbound, word = replace(act, method=IntakeMethod.INBOUND), said(heard.text)
    if word is Said.YES:
        await confirming.lock_for_reply(writer, number=heard.number)
    added = await _added(writer, heard, guards, inbound)
    [channel_id] = added.channel_ids
    engagement_id = await _kept(writer, channel_id, heard, inbound)
    writer.later(channels.VERIFY, channel_id=channel_id, at=heard.at)
    heed = HEEDING.get(word)
    more: dict[str, Any] = {"heard": heard, "guards": guards, "account": account, "act": inbound}
    heeded = await heed(writer, channel_id, **more) if heed else Heeded()
    if heeded.reply:
        _reply(writer, channel_id, heeded.reply, inbound)
    return Received(channel_id, engagement_id, heeded.reply, heeded.link or added)


async def _added(writer: Writer, heard: Heard, guards: Guards, act: Act) -> Added:
    """The number's channel, found or made. Raises Refusals for an unknown one that stands for nobody, or was erased."""
    nobody = is_placeholder(ChannelKind.SMS, heard.number.text, NO_REGION, guards)
    if nobody and not await state.at_addresses(writer, [heard.number]):
        raise Refusals([BlockedIdentifier("from", heard.number.text)])
    try:
        return await adding.add_contact(writer, contact=Contact(heard.number), guards=guards, act=act)
    except (Refusal, Refusals) as refused:
        raise Refusals([beside_from(refusal) for refusal in each_of(refused)]) from None


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


async def _standing(writer: Writer, channel_id: UUID) -> Ledger:
    [stands] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    return stands


async def _stop(writer: Writer, channel_id: UUID, *, heard: Heard, account: Sender, act: Act, **_: Any) -> Heeded:
    """Records the opt-out; it is confirmed where it takes effect, once."""
    before = await _standing(writer, channel_id)
    given = Given(LedgerAct.STOP, occurred_at=heard.at, disclosure=heard.text)
    await consent.record(writer, given=[(channel_id, given)], act=act)
    after = await _standing(writer, channel_id)
    news = before.status is not ConsentStatus.OPTED_OUT and before.suppressed_at is None
    return Heeded(texts.stopped(account.name) if news and after.status is ConsentStatus.OPTED_OUT else None)


async def _start(writer: Writer, channel_id: UUID, *, heard: Heard, account: Sender, act: Act, **_: Any) -> Heeded:
    """Undoes a STOP, if one holds; nothing else comes of it."""
    undone = await consent.undo_stop(writer, channel_id=channel_id, text=heard.text, at=heard.at, act=act)
    after = await _standing(writer, channel_id)
    open_again = undone and after.status is not ConsentStatus.OPTED_OUT and after.suppressed_at is None
    return Heeded(texts.started(account.name) if open_again else None)


async def _yes(writer: Writer, channel_id: UUID, *, heard: Heard, guards: Guards, act: Act, **_: Any) -> Heeded:
    """Confirms what is pending, if anything is."""
    more: dict[str, Any] = {"text": heard.text, "at": heard.at, "guards": guards, "act": act}
    confirmed = await confirming.confirm_by_reply(writer, channel_id=channel_id, **more)
    return Heeded(link=confirmed.link) if confirmed else Heeded()


async def _help(_writer: Writer, _channel_id: UUID, *, account: Sender, **_: Any) -> Heeded:
    return Heeded(account.help_text or texts.help_text(account.name))


Heeding = Callable[..., Awaitable[Heeded]]
#: What is done about each word; nothing about other texts.
HEEDING: dict[Said, Heeding] = {Said.STOP: _stop, Said.START: _start, Said.YES: _yes, Said.HELP: _help}
