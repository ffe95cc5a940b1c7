"""What is done about a text message that came in."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.acts import Act
from app.consent import operations as consent
from app.consent.queries.ledger import LOCKED_LEDGERS, Ledger
from app.consent.rules.evidence import Given
from app.consent.rules.words import Said
from app.db import Writer, first
from app.identity.operations.adding import Added
from app.intake import queries
from app.intake.operations import capturing, confirming, keywords
from app.intake.operations.taking import Taken
from app.intake.rules import texts
from app.intake.rules.hearing import Heard, Receiver
from app.tables import ConsentStatus, LedgerAct


@dataclass(frozen=True, slots=True)
class Heeded:
    """What heeding a word leads to: a reply, and what it did to identity."""

    reply: str | None = None
    link: Added | None = None


@dataclass(frozen=True, slots=True)
class Hearing:
    """A text that is heeded: what it was taken for, what held `before` a keyword, and what adding its number did."""

    heard: Heard
    taken: Taken
    before: Ledger | None
    added: Added
    receiver: Receiver
    act: Act


async def _standing(writer: Writer, channel_id: UUID) -> Ledger:
    [stands] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    return stands


async def _stop(writer: Writer, channel_id: UUID, on: Hearing) -> Heeded:
    """Records the opt-out; it is confirmed where it takes effect, once."""
    before = await _standing(writer, channel_id)
    given = Given(LedgerAct.STOP, occurred_at=on.heard.at, disclosure=on.heard.text)
    await consent.record(writer, given=[(channel_id, given)], act=on.act)
    after = await _standing(writer, channel_id)
    news = before.status is not ConsentStatus.OPTED_OUT and before.suppressed_at is None
    return Heeded(texts.stopped(on.receiver.sender.name) if news and after.status is ConsentStatus.OPTED_OUT else None)


async def _start(writer: Writer, channel_id: UUID, on: Hearing) -> Heeded:
    """Undoes a STOP, if one holds; nothing else comes of it."""
    said: dict[str, Any] = {"text": on.heard.text, "at": on.heard.at}
    undone = await consent.undo_stop(writer, channel_id=channel_id, **said, act=on.act)
    after = await _standing(writer, channel_id)
    open_again = undone and after.status is not ConsentStatus.OPTED_OUT and after.suppressed_at is None
    return Heeded(texts.started(on.receiver.sender.name) if open_again else None)


async def _yes(writer: Writer, channel_id: UUID, on: Hearing) -> Heeded:
    """Confirms what is pending, if anything is; the welcome follows where a keyword had asked."""
    more: dict[str, Any] = {"text": on.heard.text, "at": on.heard.at, "guards": on.receiver.guards, "act": on.act}
    confirmed = await confirming.confirm_by_reply(writer, channel_id=channel_id, **more)
    if confirmed is None:
        return Heeded()
    keyword = first(await writer.fetch(queries.THAT_ASKED, confirmation_id=confirmed.confirmation_id))
    reply = None
    if keyword:
        reply = await keywords.welcome(writer, channel_id=channel_id, keyword=keyword, at=on.heard.at)
    return Heeded(reply, confirmed.link)


async def _help(_writer: Writer, _channel_id: UUID, on: Hearing) -> Heeded:
    sender = on.receiver.sender
    return Heeded(sender.help_text or texts.help_text(sender.name))


async def _join(writer: Writer, channel_id: UUID, on: Hearing) -> Heeded:
    """Answers a keyword; its consent came with the contact."""
    if on.taken.keyword is None:
        return Heeded()
    more: dict[str, Any] = {"before": on.before, "heard": on.heard, "account": on.receiver.sender, "act": on.act}
    return Heeded(await keywords.answer(writer, channel_id=channel_id, keyword=on.taken.keyword, **more))


async def _answer(writer: Writer, _channel_id: UUID, on: Hearing) -> Heeded:
    """Takes the email address that was asked for, whose claim came with the contact, or asks for it once more."""
    name, capture = on.receiver.sender.name, on.taken.capture
    if capture is None:
        return Heeded()
    if on.taken.address is None:
        await capturing.ask_again(writer, capture=capture)
        return Heeded(texts.email_unread(name))
    await capturing.answered(writer, capture=capture, at=on.heard.at)
    if on.added.proposal_id:
        receiver = on.receiver
        speaks: dict[str, Any] = {"account_id": receiver.account_id, "account": receiver.sender}
        about: dict[str, Any] = {"channel_id": on.added.channel_ids[1], "proposal_id": on.added.proposal_id}
        await confirming.ask_about_claims(writer, **about, **speaks, signer=receiver.signer, act=on.act)
    return Heeded(texts.email_taken(name))


async def _nothing(_writer: Writer, _channel_id: UUID, _on: Hearing) -> Heeded:
    return Heeded()


Heeding = Callable[[Writer, UUID, Hearing], Awaitable[Heeded]]
#: What is done about each word; nothing about other texts.
HEEDING: dict[Said, Heeding] = {Said.STOP: _stop, Said.START: _start, Said.YES: _yes, Said.HELP: _help}


def heeding(taken: Taken) -> Heeding:
    """What is done about a text."""
    if taken.keyword:
        return _join
    return _answer if taken.capture else HEEDING.get(taken.word, _nothing)
