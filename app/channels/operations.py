"""Making channels, and putting on them what arrives with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, String, delete, update

from app.acts import Act
from app.channels import queries, rules
from app.channels.queries import Member
from app.channels.rules import Address
from app.db import Insertion, Writer, changing, inserting, param, table
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.tables import Channel, ChannelTag, ChannelWord, ConsentStatus, Deliverability, FieldPatch

_channel, _channel_tag = table(Channel), table(ChannelTag)
INTO_CHANNELS = Insertion(Channel, contested=True)
INTO_WORDS = Insertion(ChannelWord, skip_known=True)
INTO_PATCHES = Insertion(FieldPatch)
INSERT_TAG = inserting(ChannelTag, skip_known=True, returning=("tag",))
DELETE_TAG = changing(
    delete(_channel_tag).where(
        _channel_tag.c.channel_id == param("channel_id", Id()), _channel_tag.c.tag == param("this_tag", String())
    )
)
TOUCH = changing(update(_channel).where(one_of(_channel.c.id, "ids")).values(updated_at=param("at", Time())))
SET_GDPR = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"), _channel.c.gdpr_applies != param("applies", Boolean()))
    .values(gdpr_applies=param("applies", Boolean()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)
SET_PRIMARY = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"))
    .values(primary_since=param("at", Time()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)


def born(address: Address, act: Act) -> Member:
    """A channel that is not there yet, at home in a profile of its own."""
    home = act.new_id()
    return Member(act.new_id(), address.kind, home, home, act.at)


def add(writer: Writer, *, channels: Mapping[Address, Member], profile_id: UUID, act: Act) -> None:
    """Adds the channels to the profile; the work starts over where one was taken meanwhile."""
    for address in sorted(channels, key=lambda a: (a.kind, a.text)):  # one order for everybody: no deadlock
        member = channels[address]
        new = {"profile_id": profile_id, "address": address.text, "updated_at": act.at}
        writer.insert(INTO_CHANNELS, **{**UNTOUCHED, **member._asdict(), **new}, method=act.method, detail=act.detail)


UNTOUCHED: dict[str, Any] = {
    "gdpr_applies": False,
    "restricted_at": None,
    "primary_since": None,
    "verified_at": None,
    "deliverability": Deliverability.ACTIVE,
    "deliverability_since": None,
    "deliverability_reason": None,
    "consent_status": ConsentStatus.NOT_COLLECTED,
    "consent_at": None,
    "consent_record_id": None,
    "consent_count": 0,
    "consent_head": None,
}


async def patch(
    writer: Writer, *, channel_id: UUID, members: Sequence[Member], fields: Mapping[str, Any], act: Act
) -> dict[str, Any]:
    """Puts field values on the channel; those of them that say something new.

    A value is new unless it is both the channel's own latest and the one that its profile (`members`) shows already.
    """
    known = (
        await writer.fetch(queries.PATCHES, profile_ids={member.profile_id for member in members}) if members else []
    )
    found = [(p.at, (p.born, p.channel_id), p.id, p.fields) for p in known]
    shown = rules.winners(found)
    own = rules.winners(patch for patch in found if patch[1][1] == channel_id)
    new = {key: value for key, value in fields.items() if not (same(key, value, own) and same(key, value, shown))}
    if new:
        row = {"id": act.new_id(), "channel_id": channel_id, "at": act.at, "method": act.method, "detail": act.detail}
        writer.insert(INTO_PATCHES, **row, fields=new)
    return new


def same(key: str, value: Any, values: Mapping[str, Any]) -> bool:
    """Whether the key has that very JSON value; clearing what was never there is nothing new."""
    if key not in values:
        return value is None
    return type(values[key]) is type(value) and bool(values[key] == value)


def add_words(writer: Writer, *, words: Iterable[tuple[UUID, str]]) -> None:
    """Makes channels be found by these words."""
    for channel_id, word in sorted(set(words)):
        writer.insert(INTO_WORDS, word=word, channel_id=channel_id)


async def add_tags(writer: Writer, *, channel_id: UUID, tags: Iterable[str], at: datetime) -> bool:
    """Adds tags to the channel; those that it has stay as they are. Whether any was new."""
    added = [await writer.fetch(INSERT_TAG, channel_id=channel_id, tag=tag, at=at) for tag in tags]
    return any(added)


async def remove_tags(writer: Writer, *, tags: Iterable[tuple[UUID, str]]) -> None:
    """Removes tags, each from its channel."""
    await writer.execute_many(DELETE_TAG, [{"channel_id": channel_id, "this_tag": tag} for channel_id, tag in tags])
