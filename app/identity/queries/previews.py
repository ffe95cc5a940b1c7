"""What a link, a merge or accepting a proposal would do, without doing it: the same rules, over the same picture."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, cast, literal, null, select, union_all

from app.accounts.rules import Guards
from app.channels.queries import PATCHES, Member
from app.channels.rules import Address, Patch, same_value, winners
from app.db import Reader, entity, first
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.identity.queries import state
from app.identity.rules import telling
from app.identity.rules.contacts import Contact
from app.identity.rules.picture import Held, Outcome, Picture
from app.identity.rules.placing import Placed, place
from app.kinds import ChannelKind
from app.tables import Channel, ConsentStatus, LinkTrust, ProposalReason

END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class FieldAfter:
    """What a custom field would show, and which values that a profile shows now would lose."""

    key: str
    value: Any
    losing: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What would be; `survivor_id` is None where a new profile would be made."""

    outcome: Outcome
    explanation: str
    guard: ProposalReason | None
    survivor_id: UUID | None
    absorbed_ids: tuple[UUID, ...]
    channel_ids: tuple[UUID, ...]
    new_email: str | None
    new_mobile: str | None
    fields: tuple[FieldAfter, ...]


async def of_contact(reader: Reader, *, contact: Contact, guards: Guards) -> Preview:
    """What adding the contact would do."""
    found = await state.at_addresses(reader, contact.addresses)
    picture = await state.picture(reader, profile_ids=sorted({at.profile_id for at in found}), guards=guards)
    placed = place(picture, contact, born=_unborn, new_id=lambda: UUID(int=0))
    return await _told(reader, picture, placed, telling.told(placed))


def _unborn(address: Address) -> Member:
    """A channel that is not there: younger than all that are, whatever the clock says."""
    number = 1 if address.kind is ChannelKind.SMS else 2
    return Member(UUID(int=number), address.kind, address.text, UUID(int=number), UUID(int=number), END_OF_TIME)


async def of_merge(reader: Reader, *, home_ids: Sequence[UUID | None], guards: Guards) -> Preview | None:
    """What merging the two profiles would do; None where there are not two such ids."""
    known = dict(await reader.fetch(state.AT_HOMES, home_ids=[id for id in home_ids if id]))
    if len(home_ids) != 2 or not all(id in known for id in home_ids):
        return None
    picture = await _around(reader, {at.id for at in known.values()}, guards)
    if picture is None:
        return None
    oldest = [picture.oldest_of(known[id].id) for id in home_ids if id]
    return await _joined(reader, picture, oldest, overruled=None)


async def of_proposal(reader: Reader, *, proposal_id: UUID | None, guards: Guards) -> Preview | None:
    """What accepting the proposal would do; None where there is none."""
    proposal = first(await reader.fetch(state.PROPOSAL, proposal_id=proposal_id)) if proposal_id else None
    if proposal is None:
        return None
    picture = await _around(reader, set(proposal.ends), guards)
    if picture is None:
        return None
    return await _joined(reader, picture, [picture.members[id] for id in proposal.ends], overruled=proposal.reason)


async def _around(reader: Reader, channel_ids: Collection[UUID], guards: Guards) -> Picture | None:
    """The picture of the profiles that these channels are in; None where one was removed.

    Nothing is locked: where one moved between two looks, it looks again.
    """
    while True:
        found = await reader.fetch(state.BY_IDS, ids=channel_ids)
        if len(found) < len(channel_ids):
            return None
        profile_ids = sorted({at.profile_id for at in found})
        picture = await state.picture(reader, profile_ids=profile_ids, guards=guards)
        if all(id in picture.members for id in channel_ids):
            return picture


async def _joined(
    reader: Reader, picture: Picture, ends: Sequence[Member], *, overruled: ProposalReason | None
) -> Preview:
    """What a person's decision that two channels belong together would do."""
    own, other = ends[0], ends[-1]
    contact = Contact(own.place, other.place)
    known = frozenset(contact.addresses)
    if other.id in picture.group_of(own.id):
        placed = Placed(contact, Outcome.UNCHANGED, own, other, known)
        return await _told(reader, picture, placed, telling.told(placed))
    sides = picture.sides_by_hand(own.id, other.id)
    objection = picture.objection_by_hand(sides, overruled)
    if objection is None:
        link = Held.between(own, other, id=UUID(int=0), trust=LinkTrust.TRUSTED)
        placed = Placed(contact, Outcome.MERGED, own, other, known, link, None, picture.join(sides, link))
    else:
        placed = Placed(contact, Outcome.PROPOSED, own, other, known, objection=objection)
    return await _told(reader, picture, placed, telling.told(placed))


async def _told(reader: Reader, picture: Picture, placed: Placed, explanation: str) -> Preview:
    group = picture.group_of(placed.own.id)
    stored = [id for id in group if id in picture.stored]
    new = {picture.members[id].kind: picture.members[id].address for id in group if id not in picture.stored}
    oldest = picture.oldest_of(placed.own.id)
    survivor_id = picture.stored[oldest.id].profile_id if stored else None
    now = _profiles_of(picture, stored)
    patches = await reader.fetch(PATCHES, profile_ids=list(now)) if now else []
    return Preview(
        placed.outcome,
        explanation,
        placed.objection,
        survivor_id,
        tuple(id for id in now if id != survivor_id) if placed.merged else (),
        tuple(sorted(stored)),
        new.get(ChannelKind.EMAIL),
        new.get(ChannelKind.SMS),
        tuple(fields_after(patches, stored, now.values())),
    )


def _profiles_of(picture: Picture, channel_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The profiles that the channels are in now, the oldest first, each with all of its channels."""
    wanted = {picture.stored[id].profile_id for id in channel_ids}
    found: dict[UUID, list[UUID]] = {}
    for member in sorted(picture.stored.values(), key=lambda member: member.age):
        if member.profile_id in wanted:
            found.setdefault(member.profile_id, []).append(member.id)
    return found


def fields_after(
    patches: Sequence[Patch], channel_ids: Collection[UUID], profiles: Iterable[Collection[UUID]]
) -> list[FieldAfter]:
    """The fields of the channels together; what one of the profiles shows now and they would not show is losing."""
    before = [_shown(patches, ids) for ids in profiles]
    found = []
    for key, value in sorted(_shown(patches, channel_ids).items()):
        known = [shown[key] for shown in before if shown.get(key) is not None]
        losing = tuple(each for each in known if not same_value(each, value))
        if value is not None or losing:
            found.append(FieldAfter(key, value, losing))
    return found


def _shown(patches: Sequence[Patch], channel_ids: Collection[UUID]) -> dict[str, Any]:
    return winners(patch for patch in patches if patch.channel_id in channel_ids)


def channels_after(preview: Any) -> Any:
    """The channels that the profile would have, the oldest first, new ones last; their consent stays as it is."""
    channel = entity(Channel)
    stored = select(
        channel.kind.label("kind"),
        channel.address.label("address"),
        channel.id.label("channel_id"),
        channel.consent_status.label("consent_status"),
        channel.created_at.label("created_at"),
        literal(0).label("place"),
    ).where(one_of(channel.id, preview.channel_ids))
    new = [_new(ChannelKind.EMAIL, preview.new_email, 1), _new(ChannelKind.SMS, preview.new_mobile, 2)]
    rows = union_all(stored, *new).subquery()
    return select(rows).order_by(rows.c.place, rows.c.created_at, rows.c.channel_id)


def _new(kind: ChannelKind, address: Any, place: int) -> Any:
    text = cast(address, String)
    return select(
        literal(str(kind)).label("kind"),
        text.label("address"),
        cast(null(), Id()).label("channel_id"),
        literal(str(ConsentStatus.NOT_COLLECTED)).label("consent_status"),
        cast(null(), Time()).label("created_at"),
        literal(place).label("place"),
    ).where(text.is_not(None))
