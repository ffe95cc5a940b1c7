"""The one operation by which contact data comes in, whatever the way, one contact or thousands at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act, Lot
from app.channels import operations as channels
from app.channels.operations import Arrived, Put
from app.channels.queries import Member, Suppressed
from app.channels.rules import Address
from app.consent import operations as consent
from app.consent.rules.evidence import Given
from app.db import Again, Writer
from app.errors import ErrorCode, Refusals
from app.events import operations as events
from app.identity.operations import keeping, writing
from app.identity.queries import state
from app.identity.rules import barring, placing, telling
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Outcome, Picture
from app.identity.rules.placing import Placed
from app.ids import spelled
from app.tables import LinkTrust, SuppressionReason

MANY = 100  # new channels, while whose rows are written other work is done
MERGED_BY = "Contact data named an address of each."


@dataclass(frozen=True, slots=True)
class Refused:
    """An opt-in that an opt-out stands against."""

    channel_id: UUID
    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True)
class Added:
    """What adding a contact did: ids and codes only; whoever shows it reads the objects as they are then.

    `changed`: something of what came with it was new, on a channel that was known.
    """

    outcome: Outcome
    explanation: str
    profile_id: UUID
    channel_ids: tuple[UUID, ...]
    merge_ids: tuple[UUID, ...] = ()
    proposal_id: UUID | None = None
    refused: tuple[Refused, ...] = ()
    changed: bool = False


class Consented(NamedTuple):
    """What came of the consents of one contact: those refused, and the channels on which some was recorded."""

    refused: tuple[Refused, ...] = ()
    recorded: frozenset[UUID] = frozenset()


NOTHING_SAID = Consented()


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
    digests = {address: channels.digest(address, act) for address in addresses}
    picture, remembered = await writing.pictured_at(writer, digests, guards)
    if act.lot is not None:
        picture.link_once(await _linked(writer, picture, contacts))
    suppressed = {address: why for address, why in remembered.items() if address not in picture.at}
    told = _placed(picture, contacts, suppressed, act)
    placed = [each for each in told if isinstance(each, Placed)]
    done = iter(await _write(writer, picture, placed, suppressed, digests, act) if placed else ())
    return [next(done) if isinstance(each, Placed) else each for each in told]


async def _linked(writer: Writer, picture: Picture, contacts: Sequence[Contact]) -> list[tuple[UUID, UUID]]:
    """The channels that trusted data linked to those of the contacts that name two."""
    named = {address for contact in contacts if contact.other for address in contact.addresses}
    ids = [picture.at[address].id for address in named if address in picture.at]
    return await writer.fetch(state.LINKED, ids=ids) if ids else []


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
    writer: Writer,
    picture: Picture,
    placed: Sequence[Placed],
    suppressed: Mapping[Address, Suppressed],
    digests: Mapping[Address, str],
    act: Act,
) -> list[Added]:
    """Keeps what was played through in the picture, and what came with the contacts."""
    new = picture.born()
    born = _born(writer, new, suppressed, act)
    channels.add(writer, channels=new, suppressed=born, act=act)
    decided = await _decide(writer, placed, act)
    if len(new) > MANY:
        await writer.start()
    put = await _put(writer, picture, placed, act)
    left = keeping.keep(writer, picture, new=new, put=put, act=act)
    consented = await _consents(writer, picture, placed, born, act)
    await _check_suppressions(writer, {member.place: digests[member.place] for member in new}, suppressed)
    told = {id for each in consented for id in each.recorded if id in picture.stored}
    await writing.regroup(writer, picture, changed=left | told)
    done = [
        _added(picture, each, *ids, consented[place], place in put.places)
        for place, (each, ids) in enumerate(zip(placed, decided, strict=True))
    ]
    if act.lot is not None:
        _publish_together(writer, act.lot, zip(placed, done, strict=True), act)
    return done


def _born(
    writer: Writer, new: Sequence[Member], suppressed: Mapping[Address, Suppressed], act: Act
) -> dict[UUID, datetime | None]:
    """The new channels, and since when those are suppressed that come back; who was erased and is back is free."""
    back = {member.id: suppressed[member.place] for member in new if member.place in suppressed} if suppressed else {}
    free = [member for member in new if member.id in back and back[member.id].reason is SuppressionReason.ERASED]
    if act.lot is not None:
        act.lot.freed.update((member.id, back[member.id].at) for member in free)
    channels.unsuppress(writer, digests=[channels.digest(member.place, act) for member in free])
    since = {id: why.at for id, why in back.items() if why.reason is SuppressionReason.OPTED_OUT}
    return {member.id: since.get(member.id) for member in new}


async def _check_suppressions(
    writer: Writer, new: Mapping[Address, str], suppressed: Mapping[Address, Suppressed]
) -> None:
    """Raises Again where a new address was taken, deleted or erased by others after its suppression was looked for.

    From now on nobody can: its channel is there.
    """
    kept = {place: why for place, why in suppressed.items() if why.reason is SuppressionReason.OPTED_OUT}
    expected = {place: why for place, why in kept.items() if place in new}
    if new and await channels.suppressions(writer, digests=new) != expected:
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
        if act.lot is None:
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


def _publish_together(writer: Writer, lot: Lot, done: Iterable[tuple[Placed, Added]], act: Act) -> None:
    """Publishes one fact for each outcome, of all those for whom anything changed."""
    proposed = frozenset(lot.brought.get("proposals", ()))
    of_outcome: dict[Outcome, list[UUID]] = {}
    for placed, added in done:
        if added.changed or placed.link or len(placed.known) < len(placed.ends) or added.proposal_id in proposed:
            of_outcome.setdefault(placed.outcome, []).extend(added.channel_ids)
    for outcome, ids in sorted(of_outcome.items()):
        fact = {"outcome": outcome, "import": spelled("Import", lot.import_id)}
        events.publish(writer, name="contact_added", data=fact, channel_ids=ids, act=act)


async def _put(writer: Writer, picture: Picture, placed: Sequence[Placed], act: Act) -> Put:
    """Puts what came with the contacts on their own channels; what was new of it."""
    arrived = [_arrived(picture, each.own.id, each.contact) for each in placed]
    before = {member.profile_id for member in picture.stored.values()}
    put = await channels.put(writer, arrived=arrived, profile_ids=before, act=act)
    touched = {placed[place].own.id for place in put.places} & picture.stored.keys()
    if touched:
        _note_touched(picture, touched, act)
        await writer.execute(channels.TOUCH, ids=touched, at=act.at)
    return put


def _arrived(picture: Picture, channel_id: UUID, contact: Contact) -> Arrived:
    beside = picture.group_of(channel_id)
    return Arrived(channel_id, beside, contact.fields, contact.tags, contact.fills_blanks)


def _note_touched(picture: Picture, channel_ids: Iterable[UUID], act: Act) -> None:
    """Notes for an import when channels that it changes had last changed before."""
    if act.lot is not None:
        for id in channel_ids:
            act.lot.touched.setdefault(id, picture.updated_at[id])


async def _consents(
    writer: Writer, picture: Picture, placed: Sequence[Placed], born: Mapping[UUID, datetime | None], act: Act
) -> list[Consented]:
    """Records the consents, each on its own channel; what came of each contact's."""
    given: list[tuple[UUID, Given]] = []
    of: list[int] = []  # whose each of them is
    for place, each in enumerate(placed):
        if each.contact.consents:
            ids: dict[Address, UUID] = {end.place: end.id for end in each.ends}
            given += [(ids[address], consent) for address, consent in each.contact.consents.items()]
            of += [place] * len(each.contact.consents)
    if not given:
        return [NOTHING_SAID] * len(placed)
    appended = await consent.append(writer, given=given, born=born, act=act)
    refused: dict[int, list[Refused]] = {}
    for at, why in appended.refused.items():
        refused.setdefault(of[at], []).append(Refused(given[at][0], why.code, why.message))
    recorded: dict[int, set[UUID]] = {}
    for at in appended.recorded:
        recorded.setdefault(of[at], set()).add(given[at][0])
    _note_touched(picture, {given[at][0] for at in appended.recorded} & picture.stored.keys(), act)
    return [
        Consented(tuple(refused.get(place, ())), frozenset(recorded.get(place, ()))) for place in range(len(placed))
    ]


def _added(
    picture: Picture,
    placed: Placed,
    merge_ids: tuple[UUID, ...],
    proposal_id: UUID | None,
    consented: Consented,
    brought_news: bool,
) -> Added:
    contact, ids = placed.contact, tuple(end.id for end in placed.ends)
    profile_id = picture.profile_of(placed.own.id)
    changed = (brought_news and contact.own in placed.known) or _was_told(placed, consented)
    return Added(
        placed.outcome, telling.told(placed), profile_id, ids, merge_ids, proposal_id, consented.refused, changed
    )


def _was_told(placed: Placed, consented: Consented) -> bool:
    """Whether a consent for a channel that was known came with the contact, and was recorded."""
    return any(end.place in placed.known and end.id in consented.recorded for end in placed.ends)
