"""The one operation by which contact data comes in, whatever the way."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import update

from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import AT_ADDRESSES, Member
from app.channels.rules import Address, words_of, words_of_names
from app.consent import operations as consent
from app.consent.errors import OptInRefused
from app.db import Again, Insertion, Writer, changing, param, table
from app.db.expressions import one_of
from app.db.types import Id
from app.events import operations as events
from app.identity import rules
from app.identity.rules import Contact, Outcome
from app.profiles import operations as profiles
from app.tables import Channel, ChannelKind, Link, LinkTrust, Merge, MergeChannel

_channel = table(Channel)
INTO_LINK = Insertion(Link)
INTO_MERGE = Insertion(Merge)
INTO_MERGE_CHANNELS = Insertion(MergeChannel)
MOVE = changing(
    update(_channel).where(one_of(_channel.c.profile_id, "ids")).values(profile_id=param("survivor_id", Id()))
)


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a contact did: ids and codes only; whoever shows it reads the objects as they are then."""

    outcome: Outcome
    explanation: str
    profile_id: UUID
    channel_ids: tuple[UUID, ...]
    merge_ids: tuple[UUID, ...]
    refused: tuple[tuple[UUID, OptInRefused], ...]


async def add_contact(writer: Writer, *, contact: Contact, act: Act) -> Added:
    """Adds the contact: makes, links or merges, then puts fields, tags and consents on the channels.

    One order of locks for all that joins channels: the channels of the addresses are read, their profiles locked in
    id order, and read again; missing channels are inserted in address order. Whoever was faster makes it start over.
    """
    found = await _known(writer, contact)
    profile_ids = sorted({member.profile_id for member in found.values()})
    members = await profiles.locked_members(writer, profile_ids=profile_ids) if profile_ids else []
    if not set(found.values()) <= set(members):
        raise Again
    outcome = rules.outcome(contact, found)
    missing = {address: channels.born(address, act) for address in contact.addresses if address not in found}
    survivor = rules.survivor([*members, *missing.values()])
    if missing:
        channels.add(writer, channels=missing, profile_id=survivor, act=act)
    all_found = {address: found.get(address) or missing[address] for address in contact.addresses}
    merge_ids = _link(writer, all_found, members, survivor, act) if contact.other else ()
    refused = await _put(writer, contact, all_found, members, act)
    others = [id for id in profile_ids if id != survivor]
    if others:
        await writer.execute(MOVE, ids=others, survivor_id=survivor)
    fact = {"profile": survivor.hex, "outcome": outcome, "channels": [member.id.hex for member in all_found.values()]}
    events.publish(writer, name="contact_added", data=fact, act=act)
    await profiles.maintain(writer, ids=[survivor], emptied=others)
    ids = tuple(all_found[address].id for address in contact.addresses)
    return Added(outcome, rules.explanation(outcome, contact, found), survivor, ids, merge_ids, refused)


async def _known(writer: Writer, contact: Contact) -> dict[Address, Member]:
    """The channels that the contact's addresses have already."""
    texts = {address.kind: address for address in contact.addresses}
    email, mobile = (texts[kind].text if kind in texts else None for kind in (ChannelKind.EMAIL, ChannelKind.SMS))
    return {texts[member.kind]: member for member in await writer.fetch(AT_ADDRESSES, email=email, mobile=mobile)}


def _link(
    writer: Writer, ends: dict[Address, Member], members: Sequence[Member], survivor: UUID, act: Act
) -> tuple[UUID, ...]:
    """Keeps the evidence, also where it tells nothing new; the merge that it makes, if any."""
    first, second = sorted(ends.values(), key=lambda member: member.age)
    link_id = act.new_id()
    writer.insert(
        INTO_LINK,
        id=link_id,
        first_channel_id=first.id,
        second_channel_id=second.id,
        at=act.at,
        method=act.method,
        detail=act.detail,
        actor=act.actor,
        trust=LinkTrust.TRUSTED,
        retracted_at=None,
    )
    absorbed = {member.profile_id for member in members} - {survivor}
    if len({member.profile_id for member in members}) < 2:
        return ()
    return tuple(_merge(writer, link_id, survivor, id, members, act) for id in absorbed)


def _merge(writer: Writer, link_id: UUID, survivor: UUID, absorbed: UUID, members: Sequence[Member], act: Act) -> UUID:
    """Records that a link joined two profiles, and which channels came with the absorbed one."""
    merge_id = act.new_id()
    writer.insert(
        INTO_MERGE,
        id=merge_id,
        link_id=link_id,
        survivor_id=survivor,
        absorbed_id=absorbed,
        at=act.at,
        actor=act.actor,
        reason="Contact data named an address of each.",
        undone_at=None,
    )
    came = [member.id for member in members if member.profile_id == absorbed]
    for id in came:
        writer.insert(INTO_MERGE_CHANNELS, merge_id=merge_id, channel_id=id)
    fact = {"merge": merge_id.hex, "survivor": survivor.hex, "absorbed": absorbed.hex}
    events.publish(writer, name="profiles_merged", data=fact, act=act)
    return merge_id


async def _put(
    writer: Writer, contact: Contact, ends: dict[Address, Member], members: Sequence[Member], act: Act
) -> tuple[tuple[UUID, OptInRefused], ...]:
    """Puts what came with the contact on its channels; the opt-ins that were refused."""
    own = ends[contact.own]
    new = {}
    if contact.fields:
        new = await channels.patch(writer, channel_id=own.id, members=members, fields=contact.fields, act=act)
    tagged = await channels.add_tags(writer, channel_id=own.id, tags=contact.tags, at=act.at)
    if own in members and (new or tagged):
        await writer.execute(channels.TOUCH, ids=[own.id], at=act.at)
    words = {(own.id, word) for word in words_of_names(new)}
    words |= {(end.id, word) for address, end in ends.items() if end not in members for word in words_of(address)}
    channels.add_words(writer, words=words)
    return tuple([refusal async for refusal in _consents(writer, contact, ends, act)])


async def _consents(
    writer: Writer, contact: Contact, ends: dict[Address, Member], act: Act
) -> AsyncIterator[tuple[UUID, OptInRefused]]:
    """Records the consents, each on its own channel; those that were refused."""
    for address, member in ends.items():
        given = contact.consents.get(address.kind)
        try:
            if given is not None:
                await consent.record(writer, channel_id=member.id, given=given, act=act)
        except OptInRefused as refusal:
            yield member.id, refusal
