"""Finding channels and what hangs on them."""

from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, String, bindparam, case, exists, func, or_, select

from app.channels.rules import Address, Patch
from app.db import entity, param, selecting, table
from app.db.expressions import constant, each_of, empty_json, in_order, list_of, one_of, one_of_texts, outer
from app.db.types import Id, Json, Time
from app.kinds import ChannelKind, EngagementKind
from app.tables import (
    Account,
    BounceType,
    Channel,
    ChannelTag,
    Engagement,
    EngagementCount,
    FieldPatch,
    IntakeMethod,
    Profile,
    Suppression,
    SuppressionReason,
)

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)  # before anything that happens


class Member(NamedTuple):
    """A channel as far as identity is concerned."""

    id: UUID
    kind: ChannelKind
    address: str
    home_id: UUID
    profile_id: UUID
    created_at: datetime

    @property
    def place(self) -> Address:
        """Its address, by which it is found."""
        return Address(self.kind, self.address)

    @property
    def age(self) -> tuple[datetime, UUID]:
        """Sorts channels from the oldest."""
        return self.created_at, self.id


class Suppressed(NamedTuple):
    """Why an address is not to be used, and since when: its owner had it erased, or had opted out when deleted."""

    reason: SuppressionReason
    at: datetime


def member_of(id: UUID, kind: str, *rest: Any) -> Member:
    """A member of the columns `member_columns`."""
    return Member(id, ChannelKind(kind), *rest)


def member_columns(channel: Any) -> tuple[Any, ...]:
    """The columns of a member."""
    return (channel.id, channel.kind, channel.address, channel.home_id, channel.profile_id, channel.created_at)


_channel, _patch, _tag = entity(Channel), entity(FieldPatch), entity(ChannelTag)
_MEMBER = select(*member_columns(_channel))
_MINE = one_of(_channel.profile_id, "profile_ids")

MEMBERS = selecting(member_of, _MEMBER)
IN_PROFILES = selecting(member_of, _MEMBER.where(_MINE).order_by(_channel.created_at, _channel.id))
AT_HOME = selecting(member_of, _MEMBER.where(_channel.home_id == param("home_id", Id())))
BY_ID = selecting(member_of, _MEMBER.where(_channel.id == param("channel_id", Id())))
_each = each_of(param("ids", Id()))
BY_IDS = selecting(
    member_of, _MEMBER.select_from(in_order(_each, _channel, _channel.id == _each.c.id)).order_by(_channel.id)
)
KINDS = selecting(
    lambda id, kind: (id, ChannelKind(kind)),
    select(_channel.id, _channel.kind).select_from(in_order(_each, _channel, _channel.id == _each.c.id)),
)
AT_ADDRESSES = selecting(
    lambda address, id: (address, id),
    select(_channel.address, _channel.id).where(
        _channel.kind == param("kind", String()), one_of_texts(_channel.address, "addresses")
    ),
)
_profile = entity(Profile)
PRIMARIES = selecting(
    lambda home_id, email_id, sms_id: (home_id, {ChannelKind.EMAIL: email_id, ChannelKind.SMS: sms_id}),
    select(_channel.home_id, _profile.email_channel_id, _profile.sms_channel_id)
    .select_from(in_order(_channel, _profile, _profile.id == _channel.profile_id))
    .where(one_of(_channel.home_id, "home_ids")),
)
HELD_BY_BOUNCES = selecting(
    lambda id: id,
    select(_channel.id)
    .select_from(in_order(_each, _channel, _channel.id == _each.c.id))
    .where(_channel.held_at.is_not(None)),
)
_HELD = _channel.held_at.is_not(None).label("is_held")
_THESE = select(_channel.id, _HELD).where(one_of(_channel.id, "ids")).order_by(_channel.id)
LOCKED = selecting(lambda id, is_held: (id, bool(is_held)), _THESE.with_for_update(key_share=True))
LOCKED_WITH_OTHERS = selecting(lambda id, is_held: (id, bool(is_held)), _THESE.with_for_update(read=True))
CHANGED = selecting(
    lambda id, updated_at: (id, updated_at),
    select(_channel.id, _channel.updated_at)
    .where(one_of(_channel.id, "ids"))
    .order_by(_channel.id)
    .with_for_update(key_share=True),
)


def _patch_of(
    at: datetime, born: datetime, channel_id: UUID, id: UUID, fields: dict[str, Any], method: str, detail: str | None
) -> Patch:
    return Patch(at, born, channel_id, id, fields, IntakeMethod(method), detail)


PATCHES = selecting(
    _patch_of,
    select(_patch.at, _channel.created_at, _patch.channel_id, _patch.id, _patch.fields, _patch.method, _patch.detail)
    .select_from(in_order(_channel, _patch, _patch.channel_id == _channel.id))
    .where(_MINE),
)
TAGS = selecting(
    lambda channel_id, tag, method: ((channel_id, tag), IntakeMethod(method)),
    select(_tag.channel_id, _tag.tag, _tag.method)
    .select_from(in_order(_channel, _tag, _tag.channel_id == _channel.id))
    .where(_MINE),
)


def suppressed_among(digests: str) -> Select[Any]:
    """The suppressions with one of the digests of a list parameter: `suppressed_of` reads their rows."""
    suppression = entity(Suppression)
    columns = suppression.digest, suppression.reason, suppression.at
    return select(*columns).where(one_of_texts(suppression.digest, digests))


def suppressed_of(digest: str, reason: str, at: datetime) -> tuple[str, Suppressed]:
    """A digest, and what is remembered of its address."""
    return digest, Suppressed(SuppressionReason(reason), at)


SUPPRESSIONS = selecting(suppressed_of, suppressed_among("digests"))


def by_id(payload: Any) -> Select[Any]:
    """The channel `payload.id`."""
    channel = entity(Channel)
    return select(channel).where(channel.id == payload.id)


def by_ids(payload: Any) -> Select[Any]:
    """The channels `payload.channel_ids`, the oldest first."""
    channel, each = entity(Channel), each_of(payload.channel_ids)
    found = select(channel).select_from(in_order(each, channel, channel.id == each.c.id))
    return found.order_by(channel.created_at, channel.id)


def counted(_: object) -> Select[Any]:
    """How many channels there are, by kind, consent and deliverability."""
    channel = entity(Channel)
    state = (channel.kind, channel.consent_status, channel.deliverability)
    return select(*state, func.count().label("count")).group_by(*state).order_by(*state)


def is_primary(channel: Any) -> Any:
    """Whether it is its profile's primary channel of its kind."""
    profile = entity(Profile)
    chosen = or_(profile.email_channel_id == channel.id, profile.sms_channel_id == channel.id)
    return exists(select(profile.id).where(profile.id == channel.profile_id, chosen))


def all_tags(_: object) -> Any:
    """Every tag of the account's channels, as one JSON list in order of the alphabet."""
    tag = entity(ChannelTag)
    each = select(tag.tag).distinct().order_by(tag.tag).subquery()
    return select(func.coalesce(list_of(each.c.tag), empty_json("[]"), type_=Json())).scalar_subquery()


HELD = "Hard bounces of messages in a row."
_account = table(Account)


def last_of(channel_id: Any, kind: EngagementKind) -> Any:
    """When a kind of thing last happened on a channel: a scalar subquery."""
    count = entity(EngagementCount)
    return select(count.last_at).where(count.channel_id == channel_id, count.kind == constant(kind)).scalar_subquery()


def held_at(channel: Any) -> Any:
    """Since when a channel's bounces hold it, NULL where they do not: a scalar subquery.

    They do from the hard bounce that makes the account's number of them in a row, in order of when they happened, since
    the last delivery and the last release by hand.
    """
    bounce, released = entity(Engagement), outer(channel.released_at)
    delivered = last_of(outer(channel.id), EngagementKind.DELIVERY)
    later = case((delivered > released, delivered), else_=func.coalesce(released, delivered))
    most = select(_account.c.bounces_to_hold).scalar_subquery()
    return (
        select(bounce.occurred_at)
        .where(
            bounce.channel_id == outer(channel.id),
            bounce.occurred_at > func.coalesce(later, bindparam(None, BEGINNING, Time())),
            bounce.kind == constant(EngagementKind.BOUNCE),
            bounce.bounce_type == constant(BounceType.HARD),
        )
        .order_by(bounce.occurred_at, bounce.id)
        .limit(1)
        .offset(most - 1)
        .scalar_subquery()
    )
