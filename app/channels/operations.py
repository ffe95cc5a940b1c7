"""Making channels, and putting on them what arrives with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, String, and_, case, delete, null, or_, update
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels import queries, rules
from app.channels.queries import Member, Patched, Suppressed
from app.channels.rules import Address
from app.db import Insertion, Writer, changing, param, table
from app.db.dialects import ACCOUNT
from app.db.expressions import constant, one_of, one_of_texts
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.tables import (
    Channel,
    ChannelTag,
    ChannelWord,
    ConsentStatus,
    Deliverability,
    FieldPatch,
    Suppression,
    SuppressionReason,
)

_channel, _channel_tag, _suppression = table(Channel), table(ChannelTag), table(Suppression)
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
SET_DELIVERABILITY = changing(
    update(_channel)
    .where(
        _channel.c.id == param("channel_id", Id()),
        or_(_channel.c.deliverability != param("new", String()), _channel.c.held_at.is_not(None)),
    )
    .values(
        deliverability=param("new", String()),
        deliverability_since=param("at", Time()),
        deliverability_reason=param("reason", String()),
        held_at=null(),
        released_at=case(
            (param("new", String()) == constant(Deliverability.ACTIVE), param("at", Time())),
            else_=_channel.c.released_at,
        ),
        updated_at=param("at", Time()),
    )
    .returning(_channel.c.id)
)
MAKE_UNDELIVERABLE = changing(
    update(_channel)
    .where(
        one_of(_channel.c.id, "ids"),
        or_(
            _channel.c.deliverability == constant(Deliverability.ACTIVE),
            and_(
                param("new", String()) == constant(Deliverability.EXPIRED),
                _channel.c.deliverability == constant(Deliverability.HELD),
            ),
        ),
    )
    .values(
        deliverability=param("new", String()),
        deliverability_since=param("at", Time()),
        deliverability_reason=param("reason", String()),
        held_at=null(),
        updated_at=param("at", Time()),
    )
    .returning(_channel.c.id)
)
SET_PRIMARY = changing(
    update(_channel)
    .where(one_of(_channel.c.id, "ids"))
    .values(primary_since=param("at", Time()), updated_at=param("at", Time()))
    .returning(_channel.c.id)
)
_SUPPRESSED = insert(_suppression).values(
    account_id=ACCOUNT,
    digest=param("digest", String()),
    reason=param("reason", String()),
    at=param("since", Time()),
)
SUPPRESS = changing(
    _SUPPRESSED.on_conflict_do_update(
        index_elements=["account_id", "digest"],
        set_={name: _SUPPRESSED.excluded[name] for name in ("reason", "at")},
    )
)
UNSUPPRESS = changing(delete(_suppression).where(one_of_texts(_suppression.c.digest, "digests")))


async def suppressions(writer: Writer, *, addresses: Collection[Address], act: Act) -> dict[Address, Suppressed]:
    """Which of these addresses are not to be used."""
    digests = by_digest(addresses, act)
    found = await writer.fetch(queries.SUPPRESSIONS, digests=list(digests)) if digests else []
    return {digests[digest]: suppressed for digest, suppressed in found}


def by_digest(addresses: Iterable[Address], act: Act) -> dict[str, Address]:
    """Addresses by the keyed hashes under which they are remembered."""
    return {digest(address, act): address for address in addresses}


def digest(address: Address, act: Act) -> str:
    """The keyed hash by which an address is known once it is deleted or erased."""
    return act.seal(rules.sealed(address))


def suppress(writer: Writer, *, digest: str, reason: SuppressionReason, since: datetime) -> None:
    """Remembers by its keyed hash that an address is not to be used; what was remembered of it before gives way."""
    writer.later(SUPPRESS, digest=digest, reason=reason, since=since)


def unsuppress(writer: Writer, *, digests: Collection[str]) -> None:
    """Forgets that addresses are not to be used."""
    if digests:
        writer.later(UNSUPPRESS, digests=digests)


def born(address: Address, act: Act) -> Member:
    """A channel that is not there yet, at home in a profile of its own."""
    home = act.new_id()
    return Member(act.new_id(), address.kind, address.text, home, home, act.at)


def add(writer: Writer, *, channels: Iterable[Member], suppressed: Mapping[UUID, datetime | None], act: Act) -> None:
    """Adds the channels; the work starts over where one was taken meanwhile.

    `suppressed` says of channels that come back when their owner had opted out.
    """
    for member in sorted(channels, key=lambda m: (m.kind, m.address)):  # one order for everybody: no deadlock
        more = {
            "updated_at": act.at,
            "method": act.method,
            "detail": act.detail,
            "time_zones": rules.time_zones(member.place),
            "suppressed_at": suppressed.get(member.id),
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
    "held_at": None,
    "released_at": None,
    "consent_status": ConsentStatus.NOT_COLLECTED,
    "consent_at": None,
    "consent_record_id": None,
    "consent_count": 0,
    "consent_head": None,
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
            writer.insert(INTO_TAGS, channel_id=channel_id, tag=tag, at=act.at, method=act.method)
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


async def set_deliverability(
    writer: Writer, *, channel_id: UUID, deliverability: Deliverability, reason: str, act: Act
) -> bool:
    """Says whether messages arrive at a channel, and why; ACTIVE releases it. Whether that is news."""
    new = {"new": deliverability, "reason": reason, "at": act.at}
    if not await writer.fetch(SET_DELIVERABILITY, channel_id=channel_id, **new):
        return False
    fact = {"channel": spelled("Channel", channel_id), "deliverability": deliverability}
    events.publish(writer, name="deliverability_set", data=fact, channel_ids=[channel_id], act=act)
    return True


async def make_undeliverable(
    writer: Writer, *, standing: Mapping[UUID, Deliverability], reason: str, act: Act
) -> set[UUID]:
    """Holds channels, or lets them expire, as an import says, and why; those of which that is news.

    None is released by it, or has it any better than before.
    """
    before = dict(await writer.fetch(queries.CHANGED, ids=standing)) if standing else {}
    changed = set[UUID]()
    for new in (Deliverability.HELD, Deliverability.EXPIRED):
        if ids := [id for id in before if standing[id] is new]:
            found = await writer.fetch(MAKE_UNDELIVERABLE, ids=ids, new=new, reason=reason, at=act.at)
            changed.update(id for (id,) in found)
    for id in sorted(changed):
        if act.lot and before[id] != act.at:  # else it is noted, or new
            act.lot.touched.setdefault(id, before[id])
        fact = {"channel": spelled("Channel", id), "deliverability": standing[id]}
        events.publish(writer, name="deliverability_set", data=fact, channel_ids=[id], act=act)
    return changed
