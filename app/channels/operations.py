"""Making channels, and putting on them what arrives with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, String, delete, update

from app.acts import Act
from app.channels import queries, rules
from app.channels.queries import Member, Patched
from app.channels.rules import Address
from app.db import Insertion, Writer, changing, param, table
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.tables import Channel, ChannelTag, ChannelWord, ConsentStatus, Deliverability, FieldPatch

_channel, _channel_tag = table(Channel), table(ChannelTag)
INTO_CHANNELS = Insertion(Channel, contested=True)
INTO_WORDS = Insertion(ChannelWord, skip_known=True)
INTO_PATCHES = Insertion(FieldPatch)
INTO_TAGS = Insertion(ChannelTag, skip_known=True)
DELETE_TAG = changing(
    delete(_channel_tag).where(
        _channel_tag.c.channel_id == param("channel_id", Id()), _channel_tag.c.tag == param("this_tag", String())
    )
)
TOUCH = changing(update(_channel).where(one_of(_channel.c.id, "ids")).values(updated_at=param("at", Time())))
VERIFY = changing(
    update(_channel)
    .where(_channel.c.id == param("channel_id", Id()), _channel.c.verified_at.is_(None))
    .values(verified_at=param("at", Time()))
)
SET_GDPR = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"), _channel.c.gdpr_applies != param("applies", Boolean()))
    .values(gdpr_applies=param("applies", Boolean()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)
EXPIRE = changing(
    update(_channel)
    .where(_channel.c.id == param("channel_id", Id()), _channel.c.deliverability != Deliverability.EXPIRED)
    .values(
        deliverability=Deliverability.EXPIRED,
        deliverability_since=param("at", Time()),
        deliverability_reason=param("reason", String()),
        updated_at=param("at", Time()),
    )
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
    return Member(act.new_id(), address.kind, address.text, home, home, act.at)


def add(writer: Writer, *, channels: Iterable[Member], act: Act) -> None:
    """Adds the channels; the work starts over where one was taken meanwhile."""
    for member in sorted(channels, key=lambda m: (m.kind, m.address)):  # one order for everybody: no deadlock
        more = {
            "updated_at": act.at,
            "method": act.method,
            "detail": act.detail,
            "time_zones": rules.time_zones(member.place),
        }
        writer.insert(INTO_CHANNELS, **UNTOUCHED, **member._asdict(), **more)
    words = ((member.id, word) for member in channels for word in rules.words_of(member.place))
    add_words(writer, words=words)


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
    "suppressed_at": None,
}


@dataclass(frozen=True, slots=True)
class Arrived:
    """What came with a channel; `beside` are the channels of its profile as it will be, itself among them."""

    channel_id: UUID
    beside: Collection[UUID]
    fields: Mapping[str, Any]
    tags: Sequence[str]


async def put(writer: Writer, *, arrived: Sequence[Arrived], profile_ids: Collection[UUID], act: Act) -> set[UUID]:
    """Puts field values and tags on their channels; the channels for which something of it was new.

    Of two that came with one channel the later wins. `profile_ids` are the profiles that the channels are in before.
    A value is new unless it is both the channel's own latest and the one that its profile shows already.
    """
    given: list[Arrived] = [each for each in arrived if each.fields or each.tags]
    fielded, tagged = (profile_ids and any(getattr(each, name) for each in given) for name in ("fields", "tags"))
    patches = await writer.fetch(queries.PATCHES, profile_ids=profile_ids) if fielded else []
    tags = set(await writer.fetch(queries.TAGS, profile_ids=profile_ids)) if tagged else set()
    changed = set()
    for channel_id, (beside, fields, added) in _together(given).items():
        new = _news(fields, patches, channel_id, beside)
        if new:
            more = {"at": act.at, "method": act.method, "detail": act.detail}
            writer.insert(INTO_PATCHES, id=act.new_id(), channel_id=channel_id, fields=new, **more)
            add_words(writer, words=((channel_id, word) for word in rules.words_of_names(new)))
        untold = [tag for tag in sorted(added) if (channel_id, tag) not in tags]
        for tag in untold:
            writer.insert(INTO_TAGS, channel_id=channel_id, tag=tag, at=act.at)
        if new or untold:
            changed.add(channel_id)
    return changed


def _together(arrived: Iterable[Arrived]) -> dict[UUID, tuple[Collection[UUID], dict[str, Any], set[str]]]:
    """All that came with each channel: its neighbours, its fields, its tags."""
    found: dict[UUID, tuple[Collection[UUID], dict[str, Any], set[str]]] = {}
    for each in arrived:
        _, fields, tags = found.setdefault(each.channel_id, (each.beside, {}, set()))
        fields.update(each.fields)
        tags.update(each.tags)
    return found


def _news(
    fields: Mapping[str, Any], patches: Iterable[Patched], channel_id: UUID, beside: Collection[UUID]
) -> dict[str, Any]:
    """Those of the values that say something new."""
    found = [(p.at, (p.born, p.channel_id), p.id, p.fields) for p in patches if p.channel_id in beside]
    shown, own = rules.winners(found), rules.winners(patch for patch in found if patch[1][1] == channel_id)
    return {key: value for key, value in fields.items() if not (same(key, value, own) and same(key, value, shown))}


def same(key: str, value: Any, values: Mapping[str, Any]) -> bool:
    """Whether the key has that very JSON value; clearing what was never there is nothing new."""
    if key not in values:
        return value is None
    return rules.same_value(values[key], value)


def add_words(writer: Writer, *, words: Iterable[tuple[UUID, str]]) -> None:
    """Makes channels be found by these words."""
    for channel_id, word in sorted(set(words)):
        writer.insert(INTO_WORDS, word=word, channel_id=channel_id)


async def remove_tags(writer: Writer, *, tags: Iterable[tuple[UUID, str]]) -> None:
    """Removes tags, each from its channel."""
    await writer.execute_many(DELETE_TAG, [{"channel_id": channel_id, "this_tag": tag} for channel_id, tag in tags])
