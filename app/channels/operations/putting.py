"""Putting field values and tags on channels."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import String, delete, update

from app.acts import Act
from app.channels import queries, rules
from app.channels.operations.bearing import add_words
from app.channels.rules import Patch, Values
from app.db import Insertion, Writer, changing, param, table
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.tables import (
    Channel,
    ChannelTag,
    FieldPatch,
    IntakeMethod,
)

_channel, _channel_tag = table(Channel), table(ChannelTag)
INTO_PATCHES = Insertion(FieldPatch)
INTO_TAGS = Insertion(ChannelTag, merging=lambda _, new: {"at": new.at, "method": new.method})
DELETE_TAG = changing(
    delete(_channel_tag).where(
        _channel_tag.c.channel_id == param("channel_id", Id()), _channel_tag.c.tag == param("this_tag", String())
    )
)
TOUCH = changing(update(_channel).where(one_of(_channel.c.id, "ids")).values(updated_at=param("at", Time())))


class Arrived(NamedTuple):
    """What came with a channel; `beside` are the channels of its profile as it will be, itself among them.

    With `fills_blanks`, keys for which the profile shows a value are left alone.
    """

    channel_id: UUID
    beside: Collection[UUID]
    fields: Mapping[str, Any]
    tags: Sequence[str]
    fills_blanks: bool = False


class Put(NamedTuple):
    """What was new of all that arrived: in which places it came, and what it was, by channel; the later wins.

    `shown` is what the profiles of the channels that got field values showed before.
    """

    places: set[int]
    fields: list[tuple[UUID, Mapping[str, Any]]]
    shown: dict[UUID, Mapping[str, Patch]]
    tags: list[tuple[UUID, str]]


async def put(writer: Writer, *, arrived: Sequence[Arrived], profile_ids: Collection[UUID], act: Act) -> Put:
    """Puts field values and tags on their channels; what was new of them.

    Of two that say something of one profile the later wins. `profile_ids` are the profiles that the channels are in
    before.
    """
    fielded, tagged = (profile_ids and any(getattr(each, name) for each in arrived) for name in ("fields", "tags"))
    patches = await writer.fetch(queries.PATCHES, profile_ids=profile_ids) if fielded else []
    tags = dict(await writer.fetch(queries.TAGS, profile_ids=profile_ids)) if tagged else {}
    done = Put(set(), [], {}, [])
    _put_fields(writer, arrived, patches, done, act)
    _put_tags(writer, arrived, tags, done, act)
    return done


def _put_fields(writer: Writer, arrived: Sequence[Arrived], patches: Iterable[Patch], done: Put, act: Act) -> None:
    """Puts the field values that are new."""
    new: dict[tuple[int, UUID], dict[str, Any]] = {}
    for values in _heard(arrived, patches, act):
        for channel_id, key, said in values.news():
            new.setdefault((said.places[-1], channel_id), {})[key] = said.value
            done.places.update(said.places)
            done.shown[channel_id] = values.shown
    how = {"method": act.method, "detail": act.detail}
    rows: list[dict[str, Any]] = [
        {"id": act.new_id(), "channel_id": channel_id, "fields": fields, "at": moment(act, place), **how}
        for (place, channel_id), fields in sorted(new.items())
    ]
    if rows:
        writer.insert_each(INTO_PATCHES, rows)
    for row in rows:
        act.note("patches", row["id"])
    done.fields.extend((row["channel_id"], row["fields"]) for row in rows)
    add_words(writer, words=[(word, id) for id, fields in done.fields for word in rules.words_of_names(fields)])


def _heard(arrived: Sequence[Arrived], patches: Iterable[Patch], act: Act) -> list[Values]:
    """The values of the profiles for which fields arrived, with these."""
    stored: dict[UUID, list[Patch]] = {}
    for patch in patches:
        stored.setdefault(patch.channel_id, []).append(patch)
    found: list[Values] = []
    of_channel: dict[UUID, Values] = {}
    for place, each in enumerate(arrived):
        if each.fields and each.channel_id not in of_channel:
            found.append(Values({id: stored[id] for id in each.beside if id in stored}, act))
            of_channel.update(dict.fromkeys(each.beside, found[-1]))
        if each.fields:
            of_channel[each.channel_id].hear(place, each.channel_id, each.fields, fills_blanks=each.fills_blanks)
    return found


def moment(act: Act, place: int) -> datetime:
    """When something in a place of all that an act brings holds from: so that of two that differ the later one wins."""
    return act.at + timedelta(microseconds=place)


def _put_tags(
    writer: Writer, arrived: Sequence[Arrived], known: dict[tuple[UUID, str], IntakeMethod], done: Put, act: Act
) -> None:
    """Puts the tags that are new.

    One that an import put is taken over where somebody else adds it: it is to stay when the import is undone.
    """
    for place, each in enumerate(arrived):
        for tag in each.tags:
            before = known.get((each.channel_id, tag))
            if before is None or (before is IntakeMethod.IMPORT and act.method is not IntakeMethod.IMPORT):
                at = moment(act, place)
                writer.insert(INTO_TAGS, channel_id=each.channel_id, tag=tag, at=at, method=act.method)
                known[each.channel_id, tag] = act.method
                done.tags.append((each.channel_id, tag))
                done.places.add(place)
    for channel_id in sorted({channel_id for channel_id, _ in done.tags}):
        act.note("tags", channel_id)


async def remove_tags(writer: Writer, *, tags: Iterable[tuple[UUID, str]]) -> None:
    """Removes tags, each from its channel."""
    await writer.execute_many(DELETE_TAG, [{"channel_id": channel_id, "this_tag": tag} for channel_id, tag in tags])
