"""Keeping the profiles that are born whole: their rows need not be asked of the database."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from app.acts import Act
from app.channels.operations import Put
from app.channels.queries import Member
from app.db import Writer
from app.identity.rules.picture import Picture
from app.profiles import operations as profiles
from app.profiles.rules import Newborn


def bear(writer: Writer, picture: Picture, *, new: Iterable[Member], put: Put, act: Act) -> set[UUID]:
    """Adds the profiles that have only new channels; those that are left are to be maintained: these new channels."""
    left: set[UUID] = set()
    for newborn in _newborns(picture, new, put):
        if newborn.is_plain and len(picture.group_of(newborn.channels[0].id)) == len(newborn.channels):
            profiles.bear(writer, newborn, act=act)
        else:
            left.add(newborn.channels[0].id)
    return left


def _newborns(picture: Picture, new: Iterable[Member], put: Put) -> Iterator[Newborn]:
    """The new channels by the profiles that they are in, with what was put on them."""
    channels: dict[UUID, list[Member]] = {}
    fields: dict[UUID, dict[str, Any]] = {}
    tags: dict[UUID, list[str]] = {}
    for member in new:
        channels.setdefault(member.profile_id, []).append(member)
    for channel_id, values in put.fields:
        fields.setdefault(picture.profile_of(channel_id), {}).update(values)
    for channel_id, tag in put.tags:
        mine = tags.setdefault(picture.profile_of(channel_id), [])
        if tag not in mine:
            mine.append(tag)
    for id, members in channels.items():
        yield Newborn(members, fields.get(id, {}), tags.get(id, ()))
