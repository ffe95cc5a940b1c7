"""Addresses for a profile that is known: one more, or one in the place of another."""

from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import BY_ID, IN_PROFILES
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.db import Again, Writer, first
from app.events import operations as events
from app.identity.errors import NoSuch, OtherKind
from app.identity.operations import writing
from app.identity.operations.adding import Added, add_contact
from app.identity.queries import state
from app.identity.queries.state import At
from app.identity.rules.contacts import Contact
from app.ids import spelled
from app.kinds import KINDS
from app.profiles.errors import ChannelNotFound
from app.tables import Deliverability

REPLACED = "Replaced by another address."


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
