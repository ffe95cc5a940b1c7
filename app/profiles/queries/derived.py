"""What a profile is: a pure function of its channels and the links between them."""

from typing import Any

from sqlalchemy import Select, Text, and_, case, cast, func, select

from app.db import entity
from app.db.expressions import empty_json, in_order, list_of, member_value, members, object_of, text_member
from app.db.types import Json
from app.tables import Channel, ChannelKind, ChannelTag, FieldPatch, Link, Merge


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


def derived(within: Any) -> Select[Any]:
    """What the profile rows must be, column by column, for those whose channels meet the condition `within`."""
    channel = entity(Channel)
    age = [channel.created_at, channel.id]
    chosen = [case((channel.primary_since.is_(None), 1), else_=0), channel.primary_since.desc(), *age]
    ranked = (
        select(
            channel,
            func.row_number().over(partition_by=channel.profile_id, order_by=age).label("oldest"),
            func.row_number().over(partition_by=[channel.profile_id, channel.kind], order_by=chosen).label("primary"),
        )
        .where(within(channel))
        .cte("ranked")
    )
    oldest, email, sms = ranked.alias("oldest"), ranked.alias("email"), ranked.alias("sms")
    whole, fields, tags, merged = _whole(ranked), _fields(ranked), _tags(ranked), _merged(ranked)
    custom_fields = func.coalesce(fields.c.custom_fields, empty_json("{}"), type_=Json())
    latest = case((merged.c.at > whole.c.updated_at, merged.c.at), else_=whole.c.updated_at)
    return (
        select(
            oldest.c.home_id.label("id"),
            oldest.c.created_at,
            latest.label("updated_at"),
            oldest.c.method,
            oldest.c.detail,
            _name(fields.c.custom_fields, func.coalesce(email.c.address, sms.c.address)).label("display_name"),
            email.c.id.label("email_channel_id"),
            sms.c.id.label("sms_channel_id"),
            custom_fields.label("custom_fields"),
            func.coalesce(tags.c.tags, empty_json("[]"), type_=Json()).label("tags"),
            (whole.c.gdpr_applies == 1).label("gdpr_applies"),
            whole.c.restricted_at,
        )
        .select_from(oldest)
        .join(whole, whole.c.profile_id == oldest.c.profile_id)
        .outerjoin(email, _primary(email, ChannelKind.EMAIL, oldest))
        .outerjoin(sms, _primary(sms, ChannelKind.SMS, oldest))
        .outerjoin(fields, fields.c.profile_id == oldest.c.profile_id)
        .outerjoin(tags, tags.c.profile_id == oldest.c.profile_id)
        .outerjoin(merged, merged.c.profile_id == oldest.c.profile_id)
        .where(oldest.c.oldest == 1)
    )


def _primary(channel: Any, kind: ChannelKind, oldest: Any) -> Any:
    return and_(channel.c.profile_id == oldest.c.profile_id, channel.c.kind == kind, channel.c.primary == 1)


def _whole(ranked: Any) -> Any:
    """What is gathered over all channels of a profile."""
    return (
        select(
            ranked.c.profile_id,
            func.max(ranked.c.updated_at).label("updated_at"),
            func.max(case((ranked.c.gdpr_applies, 1), else_=0)).label("gdpr_applies"),
            func.min(ranked.c.restricted_at).label("restricted_at"),
        )
        .group_by(ranked.c.profile_id)
        .subquery("whole")
    )


def _fields(ranked: Any) -> Any:
    """The winning values; a cleared one is none."""
    values = field_values(ranked.c, ranked).subquery()
    shown = (
        select(values)
        .where(values.c.rank == 1, cast(values.c.value, Text) != "null")
        .order_by(values.c.profile_id, values.c.key)
        .subquery()
    )
    return (
        select(shown.c.profile_id, object_of(shown.c.key, shown.c.value).label("custom_fields"))
        .group_by(shown.c.profile_id)
        .subquery("fields")
    )


def _tags(ranked: Any) -> Any:
    """The union of the channels' tags, in order of the alphabet."""
    tag = entity(ChannelTag)
    each = (
        select(ranked.c.profile_id, tag.tag)
        .select_from(in_order(ranked, tag, tag.channel_id == ranked.c.id))
        .distinct()
        .order_by(ranked.c.profile_id, tag.tag)
        .subquery()
    )
    return select(each.c.profile_id, list_of(each.c.tag).label("tags")).group_by(each.c.profile_id).subquery("tagged")


def _merged(ranked: Any) -> Any:
    """When the last merge happened that is in force."""
    link, merge = entity(Link), entity(Merge)
    in_force = and_(link.first_channel_id == ranked.c.id, link.retracted_at.is_(None))
    return (
        select(ranked.c.profile_id, func.max(merge.at).label("at"))
        .select_from(in_order(in_order(ranked, link, in_force), merge, merge.link_id == link.id))
        .group_by(ranked.c.profile_id)
        .subquery("merged")
    )


def _name(custom_fields: Any, address: Any) -> Any:
    """First and last name where they are known as texts, else the best address."""
    first, last = (func.coalesce(text_member(custom_fields, key), "") for key in ("first_name", "last_name"))
    return func.coalesce(func.nullif(func.trim(first + " " + last), ""), address)
