"""Double opt-in: asking by email or text, and the answer by the link or by a reply."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update

from app.accounts.rules import Guards, Sender
from app.acts import Act
from app.channels import operations as channels
from app.channels.rules import Address
from app.consent import operations as consent
from app.consent.queries.ledger import LOCKED_LEDGERS, Ledger
from app.consent.rules.evidence import Given
from app.db import Again, Insertion, Writer, changing, first, param, table
from app.db.types import Id, Time
from app.delivery import operations as delivery
from app.events import operations as events
from app.identity.errors import NoSuch
from app.identity.operations import trusting
from app.identity.operations.adding import Added
from app.identity.operations.trusting import Trusted
from app.identity.queries import state
from app.identity.rules.picture import Outcome
from app.ids import spelled
from app.intake import queries
from app.intake.errors import AskedLately, CannotBeAsked, ConfirmationExpired, NothingToConfirm
from app.intake.queries import Claim, Question
from app.intake.rules import asking, texts
from app.intake.rules.asking import Answer
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.profiles.errors import ChannelNotFound
from app.signing import Purpose, Signer, Token
from app.tables import Confirmation, ConsentStatus, IntakeMethod, LedgerAct, MessagePurpose

_confirmation = table(Confirmation)
INTO_CONFIRMATIONS = Insertion(Confirmation)
CONFIRM = changing(
    update(_confirmation)
    .where(_confirmation.c.id == param("confirmation_id", Id()), _confirmation.c.confirmed_at.is_(None))
    .values(confirmed_at=param("at", Time()))
    .returning(_confirmation.c.id)
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A double opt-in that was asked for."""

    channel_id: UUID
    confirmation_id: UUID
    message_id: UUID


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A double opt-in that is confirmed: what it did to identity; nothing where it was confirmed `before`."""

    channel_id: UUID
    confirmation_id: UUID
    link: Added | None = None
    before: bool = False


# ---- asking


async def ask(
    writer: Writer,
    *,
    channel_id: UUID | None,
    given: Given | None,
    account_id: int,
    account: Sender,
    signer: Signer,
    act: Act,
) -> Asked:
    """Asks for a double opt-in to the wording of `given`, which `asking.wording` checked.

    Confirming it also resolves the claims about the address that wait now; without `given` it is about these alone, and
    consent stays as it is. Raises ChannelNotFound, AskedLately,
    NothingToConfirm, or CannotBeAsked where no message may be sent to the address.
    """
    if channel_id is None:
        raise ChannelNotFound(field=("channelId",))
    await profiles.lock_of(writer, channel_ids=[channel_id])
    [stands] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    claims = await writer.fetch(queries.CLAIMS, channel_id=stands.channel_id)
    kind = await _check(writer, stands, claims, given, act.at)
    id = act.new_id()
    record_id = await consent.ask(writer, channel_id=stands.channel_id, given=given, act=act) if given else None
    _keep(writer, id, stands.channel_id, record_id, claims, act)
    wording, claimed = given.disclosure or "" if given else None, [claim.other for claim in claims]
    if kind is ChannelKind.SMS:
        subject, body = None, texts.asked_by_text(account.name, wording, claimed)
    else:
        url = signer.url(Purpose.CONFIRM, Token(account_id, id))
        subject, body = texts.subject(account.name), texts.asked_by_email(account.name, wording, url, claimed)
    message_id = delivery.queue(
        writer,
        channel_id=stands.channel_id,
        purpose=MessagePurpose.TRANSACTIONAL,
        subject=subject,
        body=body,
        act=act,
    )
    return Asked(stands.channel_id, id, message_id)


async def ask_in_reply(writer: Writer, *, channel_id: UUID, word: str, account: Sender, act: Act) -> str:
    """Asks for a double opt-in as a reply to a keyword; the text of the reply, which whoever calls this sends.

    As an answer to the person's own message it waits for no pause, and is held by nothing.
    """
    claims = await writer.fetch(queries.CLAIMS, channel_id=channel_id)
    text = texts.asked_to_join(account.name, word, [claim.other for claim in claims])
    record_id = await consent.ask(writer, channel_id=channel_id, given=Given(LedgerAct.ASK, disclosure=text), act=act)
    _keep(writer, act.new_id(), channel_id, record_id, claims, act)
    return text


async def ask_about_claims(
    writer: Writer, *, channel_id: UUID, proposal_id: UUID, account_id: int, account: Sender, signer: Signer, act: Act
) -> None:
    """Asks an email address to confirm what is claimed about it, and no consent; confirming resolves the claims.

    Nothing is asked where the proposal waits for something else than a confirmation, and where the person was asked a
    moment ago or may not be written to.
    """
    claims = await writer.fetch(queries.CLAIMS, channel_id=channel_id)
    if proposal_id in {claim.id for claim in claims}:
        who: dict[str, Any] = {"account_id": account_id, "account": account, "signer": signer}
        with suppress(AskedLately, CannotBeAsked):
            await ask(writer, channel_id=channel_id, given=None, **who, act=act)


async def _check(
    writer: Writer, stands: Ledger, claims: Sequence[Claim], given: Given | None, now: datetime
) -> ChannelKind:
    """Which kind of question it is. Raises a Refusal where none is to be asked."""
    if not claims and (given is None or stands.status is ConsentStatus.OPTED_IN):
        raise NothingToConfirm
    asked = first(await writer.fetch(queries.NEWEST_QUESTION, channel_id=stands.channel_id))
    if asked and asked.asked_at > now - asking.PAUSE:
        raise AskedLately(asked.asked_at + asking.PAUSE)
    [reached] = await writer.fetch(queries.REACHED, channel_id=stands.channel_id)
    if reached.reasons:
        raise CannotBeAsked(reached.reasons)
    return reached.kind


def _keep(
    writer: Writer, id: UUID, channel_id: UUID, record_id: UUID | None, claims: Sequence[Claim], act: Act
) -> None:
    writer.insert(
        INTO_CONFIRMATIONS,
        id=id,
        channel_id=channel_id,
        record_id=record_id,
        claims=[spelled(claim.type_name, claim.id) for claim in claims],
        asked_at=act.at,
        expires_at=act.at + asking.GOOD_FOR,
        confirmed_at=None,
    )
    fact = {"channel": spelled("Channel", channel_id), "claims": len(claims)}
    events.publish(writer, name="confirmation_asked", data=fact, channel_ids=[channel_id], act=act)


# ---- confirming


async def confirm(writer: Writer, *, confirmation_id: UUID, answer: Answer, guards: Guards, act: Act) -> Confirmed:
    """Resolves the claims that a person was asked about, and records the opt-in, if one was asked for.

    Where the question was about claims alone, no opt-in is recorded. The opt-in has its own time.

    Confirming once more does nothing. Raises NoSuch or ConfirmationExpired.
    """
    question = first(await writer.fetch(queries.QUESTION, confirmation_id=confirmation_id))
    if question is None:
        raise NoSuch("confirmation", field=())
    if question.confirmed_at:
        return Confirmed(question.channel_id, question.id, before=True)
    if question.expires_at <= act.at:
        raise ConfirmationExpired
    return await _confirm(writer, question, answer, guards, act)


async def confirm_by_reply(
    writer: Writer, *, channel_id: UUID, text: str, at: datetime, guards: Guards, act: Act
) -> Confirmed | None:
    """The same by a reply, where a confirmation is pending: the newest question, if no opt-out followed it."""
    question = first(await writer.fetch(queries.NEWEST_QUESTION, channel_id=channel_id))
    if question is None or question.confirmed_at or not question.asked_at <= at < question.expires_at:
        return None
    [stands] = await writer.fetch(LOCKED_LEDGERS, channel_ids=[channel_id])
    if stands.status is ConsentStatus.OPTED_OUT and stands.since and stands.since >= question.asked_at:
        return None
    return await _confirm(writer, question, Answer(reply=text, at=at), guards, act)


async def lock_for_reply(writer: Writer, *, number: Address) -> None:
    """Locks the profiles that a reply by this number may join, before its own is locked, in the order of everybody."""
    own = first(await state.at_addresses(writer, [number]))
    question = first(await writer.fetch(queries.NEWEST_QUESTION, channel_id=own.id)) if own else None
    if question and not question.confirmed_at:
        await trusting.lock(writer, **_claims_of(question))


def _claims_of(question: Question) -> dict[str, list[UUID]]:
    """The claims that a question is about, as they are trusted."""
    return {
        "link_ids": asking.claims_of("Link", question.claims),
        "proposal_ids": asking.claims_of("LinkProposal", question.claims),
    }


async def _confirm(writer: Writer, question: Question, answer: Answer, guards: Guards, act: Act) -> Confirmed:
    """Profiles are locked before the channel's ledger, as everywhere; who comes second finds the question answered."""
    method = IntakeMethod.FORM if answer.reply is None else IntakeMethod.INBOUND
    by_person, at = replace(act, method=method, detail=answer.detail), answer.at or act.at
    trusted = await trusting.trust(writer, **_claims_of(question), guards=guards, act=by_person)
    if question.asks_consent:
        opt_in = answer.given(wording=question.wording, source_url=question.source_url, at=at)
        await consent.record(writer, given=[(question.channel_id, opt_in)], act=by_person)
    writer.later(channels.VERIFY, channel_id=question.channel_id, at=at)
    if not await writer.fetch(CONFIRM, confirmation_id=question.id, at=act.at):
        raise Again
    fact = {"channel": spelled("Channel", question.channel_id), "left": len(trusted.left)}
    name = "opt_in_confirmed" if question.asks_consent else "claims_answered"
    events.publish(writer, name=name, data=fact, channel_ids=[question.channel_id], act=by_person)
    return Confirmed(question.channel_id, question.id, await _told(writer, question.channel_id, trusted))


async def _told(writer: Writer, channel_id: UUID, trusted: Trusted) -> Added | None:
    """What confirming did to identity, as adding a contact tells it; None where nothing was claimed."""
    if not (trusted.link_ids or trusted.merge_ids or trusted.left):
        return None
    [at] = await writer.fetch(state.BY_IDS, ids=[channel_id])
    outcome = Outcome.MERGED if trusted.merge_ids else Outcome.PROPOSED if trusted.left else Outcome.UNCHANGED
    proposal_id = next(iter(trusted.left), None)
    return Added(outcome, texts.CONFIRMED[outcome], at.profile_id, (channel_id,), trusted.merge_ids, proposal_id)
