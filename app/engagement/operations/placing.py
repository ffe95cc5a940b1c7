"""Finding the channels that things are said to have happened on."""

from collections.abc import Collection, Iterable
from typing import NamedTuple
from uuid import UUID

from app.channels import queries, rules
from app.channels.rules import Address
from app.db import Reader
from app.engagement.errors import UnknownContact
from app.engagement.rules.reporting import Sought
from app.errors import Refusal
from app.ids import uuid_of
from app.kinds import KINDS, ChannelKind


class Place(NamedTuple):
    """A channel, and its kind."""

    channel_id: UUID
    kind: ChannelKind


Places = dict[Sought, Place]
Misplaced = dict[Sought, Refusal]
ADDRESSED = {kind.input: channel_kind for channel_kind, kind in KINDS.items()}


async def placed(reader: Reader, *, sought: Collection[Sought], region: str) -> tuple[Places, Misplaced]:
    """The channels that are meant, and why others are not found; numbers are read in the region (ISO 3166).

    One statement for each way of naming channels.
    """
    found = await _by_id(reader, [each for each in sought if each.by == "channelId"])
    found |= await _by_profile(reader, [each for each in sought if each.by == "profile"])
    addressed = [each for each in sought if each.by in ADDRESSED]
    found |= await _at(reader, {each: Address(ADDRESSED[each.by], each.value) for each in addressed})
    misplaced: Misplaced = {}
    if len(found) < len(sought):
        found |= await _as_read(reader, [each for each in addressed if each not in found], region, misplaced)
        misplaced |= {each: UnknownContact() for each in sought if each not in found and each not in misplaced}
    return found, misplaced


async def _by_id(reader: Reader, sought: Iterable[Sought]) -> Places:
    ids = {each: id for each in sought if (id := uuid_of(each.value, "Channel"))}
    kinds = dict(await reader.fetch(queries.KINDS, ids=set(ids.values()))) if ids else {}
    return {each: Place(id, kinds[id]) for each, id in ids.items() if id in kinds}


async def _by_profile(reader: Reader, sought: Iterable[Sought]) -> Places:
    ids = {each: id for each in sought if (id := uuid_of(each.value, "Profile"))}
    primaries = dict(await reader.fetch(queries.PRIMARIES, home_ids=set(ids.values()))) if ids else {}
    found: Places = {}
    for each, id in ids.items():
        channel_id = primaries[id].get(each.kind) if id in primaries and each.kind else None
        if channel_id and each.kind:
            found[each] = Place(channel_id, each.kind)
    return found


async def _at(reader: Reader, addresses: dict[Sought, Address]) -> Places:
    """The channels with these very addresses, in their normal form: what is known needs no reading then."""
    found: Places = {}
    for kind in dict.fromkeys(address.kind for address in addresses.values()):
        texts = {each: address.text for each, address in addresses.items() if address.kind is kind}
        known = dict(await reader.fetch(queries.AT_ADDRESSES, kind=kind, addresses=set(texts.values())))
        found |= {each: Place(known[text], kind) for each, text in texts.items() if text in known}
    return found


async def _as_read(reader: Reader, sought: Iterable[Sought], region: str, misplaced: Misplaced) -> Places:
    """The channels whose addresses were written in another form; those that are none are told in `misplaced`."""
    read: dict[Sought, Address] = {}
    for each in sought:
        try:
            read[each] = rules.address(ADDRESSED[each.by], each.value, region=region, field=("contact", each.by))
        except Refusal as refusal:
            misplaced[each] = refusal
    return await _at(reader, read)
