"""The one send gate: whether a channel may be sent something, and every reason why not.

The same conditions answer for one channel (`sendability`), for all at once (`counting`), and guard the messages that
are claimed to be sent. `channel` is a row of the statement that they are used in.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal_column,
    null,
    or_,
    outerjoin,
    select,
    true,
    type_coerce,
    union_all,
)

from app.accounts.rules import QuietHours
from app.consent.errors import FarTime
from app.consent.rules import quiet as rules
from app.consent.rules.quiet import Quiet
from app.db import Statement, entity, param, selecting
from app.db.expressions import constant, text_at, text_members
from app.db.types import Id, Json, printed
from app.kinds import ChannelKind
from app.tables import Channel, ChannelTopic, ConsentStatus, Deliverability, MessagePurpose, Profile, Topic


class Reason(StrEnum):
    """Why a channel may not be sent something."""

    NO_CONSENT = "NO_CONSENT"
    CONSENT_PENDING = "CONSENT_PENDING"
    OPTED_OUT = "OPTED_OUT"
    HELD = "HELD"
    EXPIRED = "EXPIRED"
    BANNED = "BANNED"
    TOPIC_OPTED_OUT = "TOPIC_OPTED_OUT"
    PROCESSING_RESTRICTED = "PROCESSING_RESTRICTED"
    QUIET_HOURS = "QUIET_HOURS"
    SUPPRESSED = "SUPPRESSED"


def conditions(
    channel: Any, *, purpose: Any, topic_id: Any | None, quiet_until: Any, of_many: bool = False
) -> dict[Reason, Any]:
    """When each reason holds. `purpose` and `topic_id` may be columns; `quiet_until` is NULL where it is not quiet.

    `of_many`: of so many channels that it is better to gather the few exceptions once than to look each channel up.

    Marketing needs an opt-in. An opt-out from texts stands against transactional ones too (TCPA, 47 CFR 64.1200(a)(10);
    carriers), one from email does not.
    """
    marketing = _is_marketing(purpose)
    status, text = channel.consent_status, channel.kind == constant(ChannelKind.SMS)
    found = {
        Reason.NO_CONSENT: and_(marketing, status == constant(ConsentStatus.NOT_COLLECTED)),
        Reason.CONSENT_PENDING: and_(marketing, status == constant(ConsentStatus.PENDING)),
        Reason.OPTED_OUT: and_(or_(marketing, text), status == constant(ConsentStatus.OPTED_OUT)),
        Reason.HELD: channel.deliverability == constant(Deliverability.HELD),
        Reason.EXPIRED: channel.deliverability == constant(Deliverability.EXPIRED),
        Reason.BANNED: channel.deliverability == constant(Deliverability.BANNED),
        Reason.PROCESSING_RESTRICTED: _restricted(channel, of_many=of_many),
        Reason.QUIET_HOURS: and_(marketing, text, quiet_until.is_not(None)),
        Reason.SUPPRESSED: channel.suppressed_at.is_not(None),
    }
    if topic_id is not None:
        found[Reason.TOPIC_OPTED_OUT] = _out_of_topic(channel, topic_id, of_many=of_many)
    return found


def _is_marketing(purpose: Any) -> Any:
    """The same for a purpose that is known, which leaves half of the conditions out, and for a column."""
    if isinstance(purpose, MessagePurpose):
        return true() if purpose is MessagePurpose.MARKETING else false()
    return purpose == constant(MessagePurpose.MARKETING)


def _restricted(channel: Any, *, of_many: bool) -> Any:
    profile = entity(Profile)
    restricted = select(profile.id).where(profile.restricted_at.is_not(None))
    return channel.profile_id.in_(restricted) if of_many else exists(restricted.where(profile.id == channel.profile_id))


def _out_of_topic(channel: Any, topic_id: Any, *, of_many: bool) -> Any:
    said = entity(ChannelTopic)
    out = select(said.channel_id).where(said.topic_id == topic_id, said.status == constant(ConsentStatus.OPTED_OUT))
    return channel.id.in_(out) if of_many else exists(out.where(said.channel_id == channel.id))


def _topic_record(channel: Any, topic_id: Any) -> Any:
    said = entity(ChannelTopic)
    mine = said.channel_id == channel.id, said.topic_id == topic_id
    return select(said.record_id).where(*mine).scalar_subquery()


# ---- quiet hours, which only Python can tell


def by_zones(quiet: Quiet) -> dict[str, str]:
    """Until when it is quiet, by the time zones of channels, as statements take it; empty where it is not."""
    return {zones: printed(until) if until else "" for zones, until in quiet.by_zones.items()}


def otherwise(quiet: Quiet) -> str:
    """The same where a number tells no time zones: by the account's."""
    return printed(quiet.otherwise) if quiet.otherwise else ""


def quiet_values(at: datetime, hours: QuietHours) -> dict[str, Any]:
    """What the parameters `quiet` and `otherwise` of a statement are at a time."""
    now = rules.quiet(at, hours)
    return {"quiet": by_zones(now), "otherwise": otherwise(now)}


def _quiet_at(context: Any, arguments: Mapping[str, Any]) -> Quiet:
    at = arguments.get("at") or context.now()
    if at.year not in rules.YEARS:
        raise FarTime(rules.YEARS)
    return rules.quiet(at, context.caller.quiet_hours)


#: What `sendability` is given besides its arguments, of the request's context and them.
WORKED_OUT: dict[str, tuple[Callable[[Any, Mapping[str, Any]], Any], Any]] = {
    "quiet": (lambda context, arguments: by_zones(_quiet_at(context, arguments)), Json()),
    "otherwise": (lambda context, arguments: otherwise(_quiet_at(context, arguments)), String()),
}


def quiet_until(channel: Any) -> Any:
    """Until when it is quiet for the channel, as text; NULL where it is not. Takes the parameters of `quiet_values`."""
    return _until(text_at(param("quiet", Json()), channel.time_zones), param("otherwise", String()))


# ---- one channel

#: What `sendability` takes of SQLite's parser beyond the usual.
ROOM = 6


def sendability(
    channel: Any,
    at: datetime | None = None,  # noqa: ARG001 -- quiet hours depend on it, and are worked out of it
    purpose: MessagePurpose | None = MessagePurpose.MARKETING,
    topic: str | None = None,
    *,
    quiet: Any,
    otherwise: Any,
) -> Select[Any]:
    """Every reason of one channel: one row, with a column for each that may hold."""
    topic_id = None if topic is None else _topic_id(topic)
    until = _until(text_at(quiet, channel.time_zones), otherwise)
    found = conditions(channel, purpose=purpose or MessagePurpose.MARKETING, topic_id=topic_id, quiet_until=until)
    record = cast(null(), Id()) if topic_id is None else _topic_record(channel, topic_id)
    return select(
        *(found.get(reason, false()).label(reason.lower()) for reason in Reason),
        until.label("quiet_until"),
        channel.consent_record_id.label("record_id"),
        record.label("topic_record_id"),
    )


def _topic_id(key: Any) -> Any:
    topic = entity(Topic)
    return select(topic.id).where(topic.key == key).scalar_subquery()


def _until(known: Any, otherwise: Any) -> Any:
    return func.nullif(func.coalesce(known, otherwise), constant(""), type_=String)


def allowed(row: Any) -> Any:
    """Whether nothing stands against it."""
    stands_against = or_(*(getattr(row, reason.lower()) for reason in Reason))
    return type_coerce(~stands_against, Boolean())  # a negation of what stands outside has lost its type


def hold_until(row: Any) -> Any:
    """Until when it is to be held, where nothing but quiet hours stands against it."""
    others = [getattr(row, reason.lower()) for reason in Reason if reason is not Reason.QUIET_HOURS]
    return case((and_(row.quiet_hours, ~or_(*others)), row.quiet_until))


#: The record that is the evidence of a reason.
EVIDENCE = {
    Reason.CONSENT_PENDING: "record_id",
    Reason.OPTED_OUT: "record_id",
    Reason.TOPIC_OPTED_OUT: "topic_record_id",
}


def blocks(row: Any) -> Select[Any]:
    """Each reason that holds, with its end and its evidence where it has them."""

    def block(place: int, reason: Reason) -> Select[Any]:
        until = row.quiet_until if reason is Reason.QUIET_HOURS else cast(null(), String())
        record = getattr(row, EVIDENCE[reason]) if reason in EVIDENCE else cast(null(), Id())
        named = constant(place).label("place"), constant(reason).label("reason")
        return select(*named, until.label("until"), record.label("consent_record_id")).where(
            getattr(row, reason.lower())
        )

    found = union_all(*(block(place, reason) for place, reason in enumerate(Reason))).subquery()
    return select(found).order_by(found.c.place)


# ---- many channels


def counting(*, purpose: MessagePurpose, with_topic: bool = False) -> Statement[dict[str, int]]:
    """Counts all channels of the account, those that may be sent something (`allowed`), and the others by reason.

    Its parameters are those of `quiet_values`, and the `topic`'s key where there is one. A channel with several reasons
    counts for each.
    """
    channel = entity(Channel)
    known = text_members(param("quiet", Json()), "known")
    zones = select(known.c.key, known.c.value).cte("zones").prefix_with("MATERIALIZED")
    until = _until(zones.c.value, param("otherwise", String()))
    topic_id = _topic_id(param("topic", String())) if with_topic else None
    found = conditions(channel, purpose=purpose, topic_id=topic_id, quiet_until=until, of_many=True)
    bits = {reason: 1 << place for place, reason in enumerate(found)}
    mask = sum(
        (case((holds, constant(bits[reason])), else_=constant(0)) for reason, holds in found.items()), constant(0)
    )
    each = select(mask.label("mask"), func.count().label("count")).select_from(
        outerjoin(channel, zones, zones.c.key == channel.time_zones)
    )
    alike = each.group_by(literal_column("mask")).subquery()
    names = ["channels", "allowed", *found]
    counts = [true(), alike.c.mask == constant(0)]
    counts += [alike.c.mask.bitwise_and(constant(bit)) != constant(0) for bit in bits.values()]
    total = [func.coalesce(func.sum(alike.c.count).filter(counted), constant(0)) for counted in counts]
    return selecting(lambda *counts: dict(zip(names, map(int, counts), strict=True)), select(*total))
