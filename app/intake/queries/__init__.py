"""What confirming has to know: what was asked, what is claimed about an address, and whether it may be written to."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, literal, null, select, union_all

from app.channels.rules import Address
from app.consent.queries import gate
from app.db import entity, param, selecting
from app.db.expressions import constant, in_order
from app.db.types import Id
from app.tables import (
    Channel,
    ChannelKind,
    Confirmation,
    ConsentRecord,
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
