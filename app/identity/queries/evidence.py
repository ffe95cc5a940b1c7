"""Reading evidence and merges. `profile`, `link` and `merge` are rows of the statement that a query is used in."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.db import entity
from app.db.expressions import in_order, one_of
from app.tables import Channel, Link, Merge, MergeChannel, Profile


def links_of(profile: Any, with_retracted: bool = False) -> Select[Any]:
    """The evidence that holds a profile together, the oldest first; where asked for, what was retracted of it too."""
    link, channel = entity(Link), entity(Channel)
    if with_retracted:  # its two ends may be in two profiles by now
        ids = _links_at_either_end(profile).subquery()
        return select(link).select_from(in_order(ids, link, link.id == ids.c.id)).order_by(link.at, link.id)
    found = select(link).select_from(in_order(channel, link, link.first_channel_id == channel.id))
    return found.where(channel.profile_id == profile.id, link.retracted_at.is_(None)).order_by(link.at, link.id)


def _links_at_either_end(profile: Any) -> Any:
    first, second = (_links_by(profile, end) for end in ("first_channel_id", "second_channel_id"))  # an index each
    return first.union(second)


def link_of(merge: Any) -> Select[Any]:
    """The evidence that merged."""
    link = entity(Link)
    return select(link).where(link.id == merge.link_id)


def ends_of(link: Any) -> Select[Any]:
    """The two channels of a link, the older first."""
    channel = entity(Channel)
    first, second = (select(end.label("id")) for end in (link.first_channel_id, link.second_channel_id))
    ends = first.union_all(second).subquery()
    found = select(channel).select_from(in_order(ends, channel, channel.id == ends.c.id))
    return found.order_by(channel.created_at, channel.id)


def told_by(link: Any) -> Sequence[Any]:
    """What the explanation of a link is made of."""
    first, second = entity(Channel), entity(Channel)
    addresses = (
        select(first.address).where(first.id == link.first_channel_id).scalar_subquery(),
        select(second.address).where(second.id == link.second_channel_id).scalar_subquery(),
    )
    return link.at, link.method, link.detail, link.actor, *addresses


def merge_by(link: Any) -> Select[Any]:
    """The merge that a link made."""
    merge = entity(Merge)
    return select(merge).where(merge.link_id == link.id)


def merges_of(profile: Any) -> Select[Any]:
    """The merges that a profile came through, undone ones too, the oldest first."""
    merge = entity(Merge)
    links = _links_at_either_end(profile).subquery()
    return select(merge).select_from(in_order(links, merge, merge.link_id == links.c.id)).order_by(merge.at, merge.id)


def _links_by(profile: Any, end: str) -> Select[Any]:
    """The links that have a channel of the profile at one of their ends."""
    channel, link = entity(Channel), entity(Link)
    found = select(link.id).select_from(in_order(channel, link, getattr(link, end) == channel.id))
    return found.where(channel.profile_id == profile.id)


def merges_by_id(payload: Any) -> Select[Any]:
    """The merges `payload.merge_ids`."""
    merge = entity(Merge)
    return select(merge).where(one_of(merge.id, payload.merge_ids)).order_by(merge.at, merge.id)


def merge_by_id(payload: Any) -> Select[Any]:
    """The merge `payload.merge_id`."""
    merge = entity(Merge)
    return select(merge).where(merge.id == payload.merge_id)


def links_by_id(payload: Any) -> Select[Any]:
    """The links `payload.held_ids`, the oldest first."""
    link = entity(Link)
    return select(link).where(one_of(link.id, payload.held_ids)).order_by(link.at, link.id)


def survivor_of(merge: Any) -> Select[Any]:
    """The profile that the survivor's id resolves to now."""
    profile, channel = entity(Profile), entity(Channel)
    found = select(profile).select_from(in_order(channel, profile, profile.id == channel.profile_id))
    return found.where(channel.home_id == merge.survivor_id)


def came_with(merge: Any) -> Select[Any]:
    """The channels that came with the absorbed profile, the oldest first."""
    channel, came = entity(Channel), entity(MergeChannel)
    found = select(channel).select_from(in_order(came, channel, channel.id == came.channel_id))
    return found.where(came.merge_id == merge.id).order_by(channel.created_at, channel.id)
