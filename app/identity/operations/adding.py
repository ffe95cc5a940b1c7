"""The one operation by which contact data comes in, whatever the way, one contact or thousands at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act
from app.channels import operations as channels
from app.channels.operations import Arrived
from app.channels.queries import BY_ID, IN_PROFILES, Member, Suppressed
from app.channels.rules import Address
from app.consent import operations as consent
from app.consent.rules.evidence import Given
from app.db import Again, Writer, first
from app.errors import ErrorCode, Refusals
from app.events import operations as events
from app.identity.errors import NoSuch, OtherKind
from app.identity.operations import writing
from app.identity.queries import state
from app.identity.queries.state import At
from app.identity.rules import barring, placing, telling
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Outcome, Picture
from app.identity.rules.placing import Placed
from app.ids import spelled
from app.kinds import KINDS
from app.profiles.errors import ChannelNotFound
from app.tables import Deliverability, LinkTrust, SuppressionReason

MERGED_BY = "Contact data named an address of each."
REPLACED = "Replaced by another address."


@dataclass(frozen=True, slots=True)
class Refused:
    """An opt-in that an opt-out stands against."""

    channel_id: UUID
    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a contact did: ids and codes only; whoever shows it reads the objects as they are then."""

    outcome: Outcome
    explanation: str
    profile_id: UUID
    channel_ids: tuple[UUID, ...]
    merge_ids: tuple[UUID, ...] = ()
    proposal_id: UUID | None = None
    refused: tuple[Refused, ...] = ()


async def add_contact(writer: Writer, *, contact: Contact, guards: Guards, act: Act) -> Added:
    """Adds one contact; see `add_contacts`. Raises Refusals where an address of it was erased."""
    [added] = await add_contacts(writer, contacts=[contact], guards=guards, act=act)
    if isinstance(added, Refusals):
        raise added
    return added


async def add_contacts(
    writer: Writer, *, contacts: Sequence[Contact], guards: Guards, act: Act
) -> list[Added | Refusals]:
    """Adds contacts: makes, links or merges, then puts fields, tags and consents on their channels.

    The same as one after the other, in as many statements as for one; only claims do come one after the other, for
    which of them yield to what depends on those before. In the place of a contact with an address that was erased
    stand the refusals; nothing of it is kept.
    """
    if len(contacts) > 1 and any(contact.trust is LinkTrust.CLAIMED for contact in contacts):
        alone = [await add_contacts(writer, contacts=[contact], guards=guards, act=act) for contact in contacts]
        return [added for [added] in alone]
    addresses = {address for contact in contacts for address in contact.addresses}
    picture, remembered = await writing.pictured_at(writer, addresses, guards, act)
    suppressed = {address: why for address, why in remembered.items() if address not in picture.at}
    told = _placed(picture, contacts, suppressed, act)
    placed = [each for each in told if isinstance(each, Placed)]
    done = iter(await _write(writer, picture, placed, suppressed, act) if placed else ())
    return [next(done) if isinstance(each, Placed) else each for each in told]


def _placed(
    picture: Picture, contacts: Sequence[Contact], suppressed: Mapping[Address, Suppressed], act: Act
) -> list[Placed | Refusals]:
    """Each contact in the picture, or why it is kept out; whom an opt-in brings back is known to those after it."""
    born = partial(channels.born, act=act)
    erased = {place: why.at for place, why in suppressed.items() if why.reason is SuppressionReason.ERASED}
    found: list[Placed | Refusals] = []
    for contact in contacts:
        objection = barring.objection(contact, erased) if erased else None
        if objection is None:
            found.append(placing.place(picture, contact, born=born, new_id=act.new_id))
            for address in contact.addresses:
                erased.pop(address, None)
        else:
            found.append(objection)
    return found


async def _write(
    writer: Writer, picture: Picture, placed: Sequence[Placed], suppressed: Mapping[Address, Suppressed], act: Act
) -> list[Added]:
    """Keeps what was played through in the picture, and what came with the contacts."""
    new = picture.born()
    born = _born(writer, new, suppressed, act)
    channels.add(writer, channels=new, suppressed=born, act=act)
    decided = await _decide(writer, placed, act)
    changed = await _put(writer, picture, placed, act)
    refused = await _consents(writer, placed, born, act)
    await _check_suppressions(writer, new, suppressed, act)
    consented = [picture.at[address].id for each in placed for address in each.contact.consents]
    await writing.regroup(writer, picture, changed=[*changed, *consented, *born])
    return [_added(picture, each, *ids, refused) for each, ids in zip(placed, decided, strict=True)]


def _born(
    writer: Writer, new: Sequence[Member], suppressed: Mapping[Address, Suppressed], act: Act
) -> dict[UUID, datetime | None]:
    """The new channels, and since when those are suppressed that come back; who was erased and is back is free."""
    back = {member.id: suppressed[member.place] for member in new if member.place in suppressed}
    free = [member for member in new if member.id in back and back[member.id].reason is SuppressionReason.ERASED]
    channels.unsuppress(writer, digests=[channels.digest(member.place, act) for member in free])
    since = {id: why.at for id, why in back.items() if why.reason is SuppressionReason.OPTED_OUT}
    return {member.id: since.get(member.id) for member in new}


async def _check_suppressions(
    writer: Writer, new: Sequence[Member], suppressed: Mapping[Address, Suppressed], act: Act
) -> None:
    """Raises Again where a new address was taken, deleted or erased by others after its suppression was looked for.

    From now on nobody can: its channel is there.
    """
    places = {member.place for member in new}
    kept = {place: why for place, why in suppressed.items() if why.reason is SuppressionReason.OPTED_OUT}
    expected = {place: why for place, why in kept.items() if place in places}
    if new and await channels.suppressions(writer, addresses=places, act=act) != expected:
        raise Again


async def _decide(writer: Writer, placed: Sequence[Placed], act: Act) -> list[tuple[tuple[UUID, ...], UUID | None]]:
    """Keeps the evidence and what it did: the merges and the proposal of each contact."""
    proposals = await _proposals(writer, placed, act)
    found = []
    for each in placed:
        merge_ids: tuple[UUID, ...] = ()
        if each.link:
            writing.link(writer, each.link, act=act)
            writing.give_way(writer, each.yielded, link_id=each.link.id, act=act)
        if each.link and each.merged:
            more: dict[str, Any] = {"link_id": each.link.id, "ends": each.ends, "reason": MERGED_BY}
            merge_ids = (writing.merge(writer, each.merged, act=act, **more),)
        proposal_id = proposals.get(frozenset(end.id for end in each.ends)) if each.objection else None
        _publish(writer, each, proposal_id, act)
        found.append((merge_ids, proposal_id))
    return found


async def _proposals(writer: Writer, placed: Sequence[Placed], act: Act) -> dict[frozenset[UUID], UUID]:
    """The open proposal for each pair that a guard stopped: the one there is already, else a new one."""
    stopped = [each for each in placed if each.objection]
    if not stopped:
        return {}
    ids = {end.id for each in stopped for end in each.ends}
    known = await writer.fetch(state.OPEN_PROPOSALS, ids=ids)
    found = {frozenset([each.first_id, each.second_id]): each.id for each in known}
    for each in stopped:
        pair = frozenset(end.id for end in each.ends)
        if pair not in found and each.objection:
            more: dict[str, Any] = {"reason": each.objection, "trust": each.contact.trust}
            found[pair] = writing.propose(writer, each.ends, act=act, **more)
    return found


def _publish(writer: Writer, placed: Placed, proposal_id: UUID | None, act: Act) -> None:
    ends = [end.id for end in placed.ends]
    fact: dict[str, Any] = {"outcome": placed.outcome, "channels": [spelled("Channel", id) for id in ends]}
    if placed.link:
        fact["link"] = spelled("Link", placed.link.id)
    if proposal_id:
        fact["proposal"] = spelled("LinkProposal", proposal_id)
    events.publish(writer, name="contact_added", data=fact, channel_ids=ends, act=act)


async def _put(writer: Writer, picture: Picture, placed: Sequence[Placed], act: Act) -> set[UUID]:
    """Puts what came with the contacts on their own channels; those for which something of it was new."""
    arrived = [
        Arrived(each.own.id, picture.group_of(each.own.id), each.contact.fields, each.contact.tags) for each in placed
    ]
    before = {member.profile_id for member in picture.stored.values()}
    changed = await channels.put(writer, arrived=arrived, profile_ids=before, act=act)
    touched = [id for id in changed if id in picture.stored]
    if touched:
        await writer.execute(channels.TOUCH, ids=touched, at=act.at)
    return changed


async def _consents(
    writer: Writer, placed: Sequence[Placed], born: Mapping[UUID, datetime | None], act: Act
) -> dict[UUID, Refused]:
    """Records the consents, each on its own channel; those that were refused, by channel."""
    given: list[tuple[UUID, Given]] = []
    for each in placed:
        ids: dict[Address, UUID] = {end.place: end.id for end in each.ends}
        given += [(ids[address], consent) for address, consent in each.contact.consents.items()]
    if not given:
        return {}
    appended = await consent.append(writer, given=given, born=born, act=act)
    return {id: Refused(id, refusal.code, refusal.message) for id, refusal in appended.refused}


def _added(
    picture: Picture,
    placed: Placed,
    merge_ids: tuple[UUID, ...],
    proposal_id: UUID | None,
    refused: dict[UUID, Refused],
) -> Added:
    ids = tuple(end.id for end in placed.ends)
    own = tuple(refused[id] for id in ids if id in refused)
    profile_id = picture.profile_of(placed.own.id)
    return Added(placed.outcome, telling.told(placed), profile_id, ids, merge_ids, proposal_id, own)


async def add_channel(
    writer: Writer, *, home_id: UUID | None, address: Address, given: Given | None, guards: Guards, act: Act
) -> Added:
    """Adds an address to the profile that the id resolves to. Raises NoSuch.

    The evidence is a link with the profile's oldest channel.
    """
    at = await _at(writer, home_id)
    if at is None:
        raise NoSuch("profile", field=("profileId",))
    oldest = first(await writer.fetch(IN_PROFILES, profile_ids=[at.profile_id]))
    if oldest is None:
        raise Again
    added = await add_contact(writer, contact=_beside(oldest.place, address, given), guards=guards, act=act)
    at = await _at(writer, home_id)
    if at is None or at.profile_id != added.profile_id:  # it was removed, or its oldest channel parted from it
        raise Again
    return added


async def _at(writer: Writer, home_id: UUID | None) -> At | None:
    """Where the channel born with this id is; None where there is none."""
    found = await writer.fetch(state.AT_HOMES, home_ids=[home_id]) if home_id else []
    return found[0][1] if found else None


def _beside(own: Address, other: Address, given: Given | None) -> Contact:
    consents = {} if given is None else {other: given}
    return Contact(own, None if own == other else other, consents=consents)


async def replace_channel(
    writer: Writer, *, channel_id: UUID | None, address: Address, guards: Guards, act: Act
) -> Added:
    """Links an address to the channel that it replaces: that one expires, and the new one, without consent, is primary.

    Raises ChannelNotFound, or OtherKind where it is not another address of the same kind.
    """
    old = first(await writer.fetch(BY_ID, channel_id=channel_id)) if channel_id else None
    if old is None:
        raise ChannelNotFound(field=("channelId",))
    if old.kind is not address.kind or old.place == address:
        raise OtherKind(KINDS[address.kind].input)
    added = await add_contact(writer, contact=_beside(old.place, address, None), guards=guards, act=act)
    new_id = added.channel_ids[1]
    await channels.set_deliverability(
        writer, channel_id=old.id, deliverability=Deliverability.EXPIRED, reason=REPLACED, act=act
    )
    await writer.fetch(channels.SET_PRIMARY, ids=[new_id], at=act.at)
    fact = {"replaced": spelled("Channel", old.id), "by": spelled("Channel", new_id)}
    events.publish(writer, name="channel_replaced", data=fact, channel_ids=[old.id, new_id], act=act)
    await writing.maintain_channels(writer, [old.id, new_id])
    return added
