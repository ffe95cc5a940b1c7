"""Keeping profiles of which all is in hand: their rows need not be asked of the database."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.operations import Put
from app.channels.queries import Member
from app.db import Writer
from app.identity.rules.picture import Picture
from app.profiles import operations as profiles
from app.profiles.rules import Newborn, Renewed


class Brought(NamedTuple):
    """What was put on the channels of profiles, by these."""

    fields: dict[UUID, dict[str, Any]]
    tags: dict[UUID, list[str]]

    @classmethod
    def by(cls, put: Put, picture: Picture) -> "Brought":
        """By the profiles that the channels are in now."""
        fields: dict[UUID, dict[str, Any]] = {}
        tags: dict[UUID, list[str]] = {}
        for channel_id, values in put.fields:
            fields.setdefault(picture.profile_of(channel_id), {}).update(values)
        for channel_id, tag in put.tags:
            mine = tags.setdefault(picture.profile_of(channel_id), [])
            if tag not in mine:
                mine.append(tag)
        return cls(fields, tags)


def keep(writer: Writer, picture: Picture, *, new: Iterable[Member], put: Put, act: Act) -> set[UUID]:
    """Keeps the profiles that were born, and those of which field values or tags changed, as far as all is in hand.

    What comes back are channels of the others, which are to be maintained.
    """
    brought = Brought.by(put, picture)
    return _bear(writer, picture, new, brought, act) | _renew(writer, picture, put, brought, act)


def _bear(writer: Writer, picture: Picture, new: Iterable[Member], brought: Brought, act: Act) -> set[UUID]:
    """Adds the profiles that have only new channels."""
    born: dict[UUID, list[Member]] = {}
    for member in new:
        born.setdefault(member.profile_id, []).append(member)
    left: set[UUID] = set()
    for id, members in born.items():
        newborn = Newborn(members, brought.fields.get(id, {}), brought.tags.get(id, ()))
        is_whole = len(picture.group_of(members[0].id)) == len(members)
        if not (is_whole and profiles.bear(writer, newborn, act=act)):
            left.add(members[0].id)
    return left


def _renew(writer: Writer, picture: Picture, put: Put, brought: Brought, act: Act) -> set[UUID]:
    """Changes the known profiles that got nothing but field values."""
    sizes = Counter(member.profile_id for member in picture.stored.values())
    left = {channel_id for channel_id, _ in put.tags if channel_id in picture.stored}
    seen = {picture.profile_of(id) for id in left}
    for channel_id, shown in put.shown.items():
        id = picture.profile_of(channel_id)
        if channel_id not in picture.stored or id in seen:
            continue
        seen.add(id)
        renewed = Renewed(id, shown, brought.fields[id])
        if not (_is_as_before(picture, id, channel_id, sizes, act) and profiles.renew(writer, renewed, act=act)):
            left.add(channel_id)
    return left


def _is_as_before(picture: Picture, id: UUID, channel_id: UUID, sizes: Counter[UUID], act: Act) -> bool:
    """Whether the profile has the channels that it had, all of which changed last before."""
    group = picture.group_of(channel_id)
    if len(group) != sizes[id] or not group <= picture.stored.keys():
        return False
    return all(picture.stored[each].profile_id == id and picture.updated_at[each] <= act.at for each in group)
