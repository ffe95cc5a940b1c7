"""Making channels, and putting on them what arrives with them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, String, and_, case, delete, null, or_, update
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels import queries, rules
from app.channels.queries import Member, Suppressed
from app.channels.rules import Address, Patch, Values
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
    IntakeMethod,
    Suppression,
    SuppressionReason,
)

_channel, _channel_tag, _suppression = table(Channel), table(ChannelTag), table(Suppression)
INTO_CHANNELS = Insertion(Channel, contested=True)
INTO_WORDS = Insertion(ChannelWord, skip_known=True)
INTO_PATCHES = Insertion(FieldPatch)
INTO_TAGS = Insertion(ChannelTag, merging=lambda _, new: {"at": new.at, "method": new.method})
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


async def suppressions(writer: Writer, *, digests: Mapping[Address, str]) -> dict[Address, Suppressed]:
    """Which of these addresses are not to be used; they come with the keyed hashes under which they are remembered."""
    return by_address(dict(await writer.fetch(queries.SUPPRESSIONS, digests=digests.values())), digests)


def by_address(suppressed: Mapping[str, Suppressed], digests: Mapping[Address, str]) -> dict[Address, Suppressed]:
    """What is remembered under digests, by the addresses that have them."""
    return {address: suppressed[digest] for address, digest in digests.items() if digest in suppressed}


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
    alike = UNTOUCHED | {"updated_at": act.at, "method": act.method, "detail": act.detail}
    ordered = sorted(channels, key=attrgetter("kind", "address"))  # one order for everybody: no deadlock
    if ordered:
        rows = [{**alike, **_row(member), "suppressed_at": suppressed.get(member.id)} for member in ordered]
        writer.insert_each(INTO_CHANNELS, rows)
    for member in ordered:
        act.note("channels", member.id)
    add_words(writer, words=[(word, member.id) for member in ordered for word in rules.words_of(member.place)])


def _row(member: Member) -> dict[str, Any]:
    id, kind, address, home_id, profile_id, created_at = member
    return {
        "id": id,
        "kind": kind,
        "address": address,
        "home_id": home_id,
        "profile_id": profile_id,
        "created_at": created_at,
        "time_zones": rules.time_zones(member.place),
    }


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


def add_words(writer: Writer, *, words: Iterable[tuple[str, UUID]]) -> None:
    """Makes channels be found by these words; in the order of their table, which is quicker."""
    rows = [{"word": word, "channel_id": channel_id} for word, channel_id in sorted(words, key=itemgetter(0))]
    if rows:
        writer.insert_each(INTO_WORDS, rows)


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
