"""What a profile is: a pure function of its channels and the links between them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, Text, and_, case, cast, exists, func, select, true

from app.db import entity
from app.db.expressions import empty_json, in_order, list_of, member_value, members, object_of, outer, text_member
from app.db.types import Json
from app.kinds import ChannelKind
from app.tables import Channel, ChannelTag, FieldPatch, Link, Merge


def field_values(channel: Any, source: Any) -> Select[Any]:
    """Every field value that came by the channels of a source, with its rank among those of its profile and key.

    The newest is ranked 1; at equal times the older channel's, then the one written last. `channel` is a row of
    `source`: an entity, or the columns of a subquery.
    """
    patch = entity(FieldPatch)
    member = members(patch.fields, "member")
    rank = func.row_number().over(
        partition_by=[channel.profile_id, member.c.key],
        order_by=[patch.at.desc(), channel.created_at, channel.id, patch.id.desc()],
    )
    return select(
        channel.profile_id,
        channel.id.label("channel_id"),
        member.c.key.label("key"),
        member_value(member).label("value"),
        patch.at,
        patch.method,
        patch.detail,
        rank.label("rank"),
    ).select_from(in_order(in_order(source, patch, patch.channel_id == channel.id), member))


def derived(within: Callable[[Any], Any]) -> Select[Any]:
    """What the profile rows must be, column by column, for those whose channels meet the condition `within`.

    Each profile is seen from its oldest channel.
    """
    seen = _seen(within)
    first, last = (func.coalesce(text_member(seen.c.custom_fields, key), "") for key in ("first_name", "last_name"))
    name = func.nullif(func.trim(first + " " + last), "")
    return select(
        seen.c.id,
        seen.c.created_at,
        case((seen.c.merged_at > seen.c.touched_at, seen.c.merged_at), else_=seen.c.touched_at).label("updated_at"),
        seen.c.method,
        seen.c.detail,
        func.coalesce(name, seen.c.email, seen.c.sms, seen.c.address).label("display_name"),
        seen.c.email_channel_id,
        seen.c.sms_channel_id,
        func.coalesce(seen.c.custom_fields, empty_json("{}"), type_=Json()).label("custom_fields"),
        func.coalesce(seen.c.tags, empty_json("[]"), type_=Json()).label("tags"),
        seen.c.gdpr_applies,
        seen.c.restricted_at,
    ).where(true())  # SQLite could not tell an ON CONFLICT from a join's ON without a WHERE


def _seen(within: Callable[[Any], Any]) -> Any:
    """The oldest channel of each profile, and what is gathered from all of them; computed once."""
    oldest, email, sms = entity(Channel), entity(Channel), entity(Channel)
    profile_id = outer(oldest.profile_id)
    every = entity(Channel)
    mine = every.profile_id == profile_id
    return (
        select(
            oldest.home_id.label("id"),
            oldest.created_at,
            oldest.method,
            oldest.detail,
            oldest.address,
            email.id.label("email_channel_id"),
            email.address.label("email"),
            sms.id.label("sms_channel_id"),
            sms.address.label("sms"),
            select(func.max(every.updated_at)).where(mine).scalar_subquery().label("touched_at"),
            select(func.min(every.restricted_at)).where(mine).scalar_subquery().label("restricted_at"),
            exists(select(every.id).where(mine, every.gdpr_applies)).label("gdpr_applies"),
            _merged_at(profile_id).label("merged_at"),
            _fields(profile_id).label("custom_fields"),
            _tags(profile_id).label("tags"),
        )
        .select_from(oldest)
        .outerjoin(email, email.id == _first(profile_id, ChannelKind.EMAIL))
        .outerjoin(sms, sms.id == _first(profile_id, ChannelKind.SMS))
        .where(within(oldest), oldest.id == _first(profile_id))
        .cte("seen")
        .prefix_with("MATERIALIZED")
    )


def _first(profile_id: Any, kind: ChannelKind | None = None) -> Any:
    """The oldest channel of a profile; of one kind, the newest explicit choice before it."""
    channel = entity(Channel)
    age = [channel.created_at, channel.id]
    found = select(channel.id).where(channel.profile_id == profile_id).limit(1)
    if kind is None:
        return found.order_by(*age).scalar_subquery()
    chosen = [case((channel.primary_since.is_(None), 1), else_=0), channel.primary_since.desc()]
    return found.where(channel.kind == kind).order_by(*chosen, *age).scalar_subquery()


def _fields(profile_id: Any) -> Any:
    """The winning values by their keys; a cleared one is none."""
    channel = entity(Channel)
    values = field_values(channel, channel).where(channel.profile_id == profile_id).subquery()
    shown = values.c.rank == 1, cast(values.c.value, Text) != "null"
    winners = select(values.c.key, values.c.value).where(*shown).order_by(values.c.key).subquery()
    return select(object_of(winners.c.key, winners.c.value)).having(func.count() > 0).scalar_subquery()


def _tags(profile_id: Any) -> Any:
    """The union of the channels' tags, in order of the alphabet."""
    channel, tag = entity(Channel), entity(ChannelTag)
    joined = in_order(channel, tag, tag.channel_id == channel.id)
    mine = channel.profile_id == profile_id
    each = select(tag.tag).select_from(joined).where(mine).distinct().order_by(tag.tag).subquery()
    return select(list_of(each.c.tag)).having(func.count() > 0).scalar_subquery()


def _merged_at(profile_id: Any) -> Any:
    """When the last merge happened that is in force."""
    channel, link, merge = entity(Channel), entity(Link), entity(Merge)
    links = in_order(channel, link, and_(link.first_channel_id == channel.id, link.retracted_at.is_(None)))
    merges = in_order(links, merge, merge.link_id == link.id)
    return select(func.max(merge.at)).select_from(merges).where(channel.profile_id == profile_id).scalar_subquery()
