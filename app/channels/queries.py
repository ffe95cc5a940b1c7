"""Finding channels and what hangs on them."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, String, and_, exists, func, or_, select

from app.db import entity, param, selecting
from app.db.expressions import each_of, empty_json, in_order, list_of, one_of
from app.db.types import Id, Json
from app.tables import Channel, ChannelKind, ChannelTag, FieldPatch, Profile


class Member(NamedTuple):
    """A channel as far as identity is concerned."""

    id: UUID
    kind: ChannelKind
    home_id: UUID
    profile_id: UUID
    created_at: datetime

    @property
    def age(self) -> tuple[datetime, UUID]:
        """Sorts channels from the oldest."""
        return self.created_at, self.id


class Patched(NamedTuple):
    """A patch of custom fields, and the channel by which it came."""

    at: datetime
    born: datetime
    channel_id: UUID
    id: UUID
    fields: dict[str, Any]


def _member(id: UUID, kind: str, *rest: Any) -> Member:
    return Member(id, ChannelKind(kind), *rest)


_channel, _patch, _tag = entity(Channel), entity(FieldPatch), entity(ChannelTag)
_MEMBER = select(_channel.id, _channel.kind, _channel.home_id, _channel.profile_id, _channel.created_at)
_MINE = one_of(_channel.profile_id, "profile_ids")

MEMBERS = selecting(_member, _MEMBER)
AT_ADDRESSES = selecting(
    _member,
    _MEMBER.where(
        or_(
            and_(_channel.kind == ChannelKind.EMAIL, _channel.address == param("email", String())),
            and_(_channel.kind == ChannelKind.SMS, _channel.address == param("mobile", String())),
        )
    ),
)
IN_PROFILES = selecting(_member, _MEMBER.where(_MINE).order_by(_channel.created_at, _channel.id))
AT_HOME = selecting(_member, _MEMBER.where(_channel.home_id == param("home_id", Id())))
PATCHES = selecting(
    Patched,
    select(_patch.at, _channel.created_at, _patch.channel_id, _patch.id, _patch.fields)
    .select_from(in_order(_channel, _patch, _patch.channel_id == _channel.id))
    .where(_MINE),
)
TAGS = selecting(
    lambda channel_id, tag: (channel_id, tag),
    select(_tag.channel_id, _tag.tag)
    .select_from(in_order(_channel, _tag, _tag.channel_id == _channel.id))
    .where(_MINE),
)


def by_ids(payload: Any) -> Select[Any]:
    """The channels `payload.channel_ids`, the oldest first."""
    channel, each = entity(Channel), each_of(payload.channel_ids)
    found = select(channel).select_from(in_order(each, channel, channel.id == each.c.id))
    return found.order_by(channel.created_at, channel.id)


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
