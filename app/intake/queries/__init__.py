"""What intake has to know.

Of confirmations: what was asked, what is claimed about an address, and whether it may be written to. Of keywords: which
there are, and which of them asked for an email address.
"""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Integer,
    Select,
    String,
    and_,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)

from app.channels.rules import Address
from app.consent.queries import gate
from app.db import changing, entity, param, selecting, table
from app.db.expressions import constant, in_order
from app.db.types import Id, Time
from app.kinds import ChannelKind
from app.tables import (
    Channel,
    Confirmation,
    ConsentRecord,
    ConsentStatus,
    EmailCapture,
    IntakeMethod,
    Keyword,
    LedgerAct,
    Link,
    LinkProposal,
    LinkTrust,
    MessagePurpose,
    ProposalReason,
    Resolution,
)


class Question(NamedTuple):
    """A double opt-in that was asked: with which wording, and which claims confirming it resolves.

    Where it asks for no consent, it is about the claims alone.
    """

    id: UUID
    channel_id: UUID
    claims: list[str]
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    wording: str | None
    source_url: str | None
    asks_consent: bool


class Claim(NamedTuple):
    """A claim about an address: a link or a link proposal, by type name and id, and the other address."""

    type_name: str
    id: UUID
    other: Address


class Reached(NamedTuple):
    """Where a question would go, and why none may be sent there, if so."""

    kind: ChannelKind
    reasons: list[str]


def _claim(type_name: str, id: UUID, kind: str, text: str) -> Claim:
    return Claim(type_name, id, Address(ChannelKind(kind), text))


_confirmation, _record = entity(Confirmation), entity(ConsentRecord)
_QUESTION = select(
    _confirmation.id,
    _confirmation.channel_id,
    _confirmation.claims,
    _confirmation.asked_at,
    _confirmation.expires_at,
    _confirmation.confirmed_at,
    _record.disclosure,
    _record.source_url,
    _confirmation.record_id.is_not(None),
).outerjoin(_record, _record.id == _confirmation.record_id)
_NEWEST = (_confirmation.asked_at.desc(), _confirmation.id.desc())
QUESTION = selecting(Question, _QUESTION.where(_confirmation.id == param("confirmation_id", Id())))
NEWEST_QUESTION = selecting(
    Question, _QUESTION.where(_confirmation.channel_id == param("channel_id", Id())).order_by(*_NEWEST).limit(1)
)


def _claimed_links(end: str, other_end: str) -> Select[Any]:
    """The claims in force that end at the channel."""
    link, other = entity(Link), entity(Channel)
    found = select(literal("Link").label("type_name"), link.id, other.kind, other.address)
    joined = in_order(link, other, other.id == getattr(link, other_end))
    claimed = link.trust == constant(LinkTrust.CLAIMED), link.retracted_at.is_(None)
    return found.select_from(joined).where(getattr(link, end) == param("channel_id", Id()), *claimed)


def _unverified(end: str, other_end: str) -> Select[Any]:
    """The proposals for want of a confirmation that wait at the channel, and are not pointless by now."""
    proposal, own, other = entity(LinkProposal), entity(Channel), entity(Channel)
    found = select(literal("LinkProposal").label("type_name"), proposal.id, other.kind, other.address)
    joined = in_order(proposal, other, other.id == getattr(proposal, other_end))
    waits = (
        proposal.resolution == constant(Resolution.OPEN),
        proposal.reason == constant(ProposalReason.UNVERIFIED),
        other.profile_id != select(own.profile_id).where(own.id == param("channel_id", Id())).scalar_subquery(),
    )
    return found.select_from(joined).where(getattr(proposal, end) == param("channel_id", Id()), *waits)


def _claims() -> Select[Any]:
    ends = ("first_channel_id", "second_channel_id")
    each = [of(*pair) for of in (_claimed_links, _unverified) for pair in (ends, ends[::-1])]
    found = union_all(*each).subquery()
    return select(found.c.type_name, found.c.id, found.c.kind, found.c.address).order_by(found.c.id)


CLAIMS = selecting(_claim, _claims())


def _reached(kind: str, *holds: Any) -> Reached:
    return Reached(ChannelKind(kind), [reason for reason, held in zip(_CONDITIONS, holds, strict=True) if held])


_channel = entity(Channel)
_CONDITIONS = gate.conditions(_channel, purpose=MessagePurpose.TRANSACTIONAL, topic_id=None, quiet_until=null())
REACHED = selecting(
    _reached, select(_channel.kind, *_CONDITIONS.values()).where(_channel.id == param("channel_id", Id()))
)


# ---- keywords


class Known(NamedTuple):
    """A keyword."""

    id: UUID
    word: str
    welcome: str
    already_subscribed: str
    capture_email: bool
    double_opt_in: bool


class Capture(NamedTuple):
    """A number that a keyword asked for an email address, and that has not given one: the channel, and the word."""

    channel_id: UUID
    word: str
    asked_at: datetime
    retries: int


_keyword = entity(Keyword)
_KNOWN = select(*(getattr(_keyword, name) for name in Known._fields))
BY_WORD = selecting(Known, _KNOWN.where(_keyword.word == param("word", String())))
HOW_MANY = selecting(int, select(func.count(_keyword.id)))
#: The keyword whose question a confirmation was.
THAT_ASKED = selecting(
    Known,
    _KNOWN.select_from(
        in_order(
            in_order(_confirmation, _record, _record.id == _confirmation.record_id),
            _keyword,
            _keyword.word == _record.source_detail,
        )
    ).where(_confirmation.id == param("confirmation_id", Id()), _record.method == constant(IntakeMethod.KEYWORD)),
)


def every_keyword(_: object) -> Select[Any]:
    """All keywords, in order of their words."""
    keyword = entity(Keyword)
    return select(keyword).order_by(keyword.word)


def keyword_by_id(payload: Any) -> Select[Any]:
    """The keyword `payload.id`."""
    keyword = entity(Keyword)
    return select(keyword).where(keyword.id == payload.id)


def _goes_on(capture: Any) -> Any:
    """Nobody has answered, and the number is opted in and has not opted out since it was asked."""
    channel, record = entity(Channel), entity(ConsentRecord)
    left = exists(
        select(record.id).where(
            record.channel_id == capture.channel_id,
            record.topic_id.is_(None),
            or_(record.act == constant(LedgerAct.STOP), record.act == constant(LedgerAct.OPT_OUT)),
            record.occurred_at >= capture.asked_at,
        )
    )
    subscribed = exists(
        select(channel.id).where(
            channel.id == capture.channel_id, channel.consent_status == constant(ConsentStatus.OPTED_IN)
        )
    )
    return and_(capture.answered_at.is_(None), subscribed, ~left)


_capture, _captured = entity(EmailCapture), table(EmailCapture)
CAPTURE = selecting(
    Capture,
    select(_capture.channel_id, _keyword.word, _capture.asked_at, _capture.retries)
    .select_from(
        in_order(
            in_order(_channel, _capture, _capture.channel_id == _channel.id),
            _keyword,
            _keyword.id == _capture.keyword_id,
        )
    )
    .where(
        _channel.kind == constant(ChannelKind.SMS), _channel.address == param("address", String()), _goes_on(_capture)
    ),
)
_SEEN = (
    _captured.c.channel_id == param("channel_id", Id()),
    _captured.c.asked_at == param("asked_at", Time()),
    _captured.c.retries == param("retries", Integer()),
    _goes_on(_captured.c),
)
_CHANGED = _captured.c.channel_id
ANSWERED = changing(update(_captured).where(*_SEEN).values(answered_at=param("at", Time())).returning(_CHANGED))
ASKED_AGAIN = changing(update(_captured).where(*_SEEN).values(retries=_captured.c.retries + 1).returning(_CHANGED))


def _email_beside() -> Any:
    own, email = entity(Channel), entity(Channel)
    beside = in_order(own, email, and_(email.profile_id == own.profile_id, email.kind == constant(ChannelKind.EMAIL)))
    return select(email.id).select_from(beside).where(own.id == param("channel_id", Id())).limit(1)


#: An email address of the person whose number it is, if one is known.
EMAIL_BESIDE = selecting(lambda id: id, _email_beside())
