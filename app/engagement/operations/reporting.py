"""Recording what is reported of channels, with all that follows from it for each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.queries import LOCKED
from app.consent import operations as consent
from app.consent.rules.evidence import Given
from app.db import Again, Writer
from app.engagement.operations.appending import Entry, append
from app.engagement.operations.holding import ban, hold
from app.engagement.operations.placing import Misplaced, Places, placed
from app.engagement.rules.reporting import Event, Refused, check_kind, is_hard_bounce, opt_out, refused
from app.errors import Refusal
from app.kinds import EngagementKind
from app.profiles import operations as profiles
from app.profiles.errors import ChannelNotFound


class Placed(NamedTuple):
    """An event, the channel that it happened on, and the opt-out that it is, if it is one."""

    event: Event
    channel_id: UUID
    out: Given | None


@dataclass(frozen=True, slots=True)
class Reported:
    """What came of a report: the ids of what was recorded in the report's order, and how many were known already."""

    engagement_ids: tuple[UUID, ...] = ()
    duplicates: int = 0
    refused: tuple[Refused, ...] = ()


async def report(writer: Writer, *, events: Sequence[Event], region: str, act: Act) -> Reported:
    """Records checked events, in any order; numbers of contacts are read in the region (ISO 3166).

    Unsubscribes and complaints opt out, and complaints ban; texts that ask for it opt out; hard bounces in a row hold,
    deliveries release. Each touches its own channel alone. What was known under its external id does nothing.
    """
    found, misplaced = await placed(writer, sought={event.sought for event in events}, region=region)
    on_channels, refusals = _sorted(events, found, misplaced)
    await _lock(writer, on_channels)
    entries = [Entry(each.channel_id, *each.event[2:]) for each in on_channels]
    ids = await append(writer, entries=entries, act=act) if entries else []
    new = [each for each, id in zip(on_channels, ids, strict=True) if id]
    await _take_effect(writer, new, act)
    return Reported(tuple(id for id in ids if id), len(ids) - len(new), tuple(refusals))


def _sorted(events: Iterable[Event], found: Places, misplaced: Misplaced) -> tuple[list[Placed], list[Refused]]:
    """The events that happened on known channels which have such, and why the others are refused."""
    on_channels: list[Placed] = []
    refusals: list[Refused] = []
    for event in events:
        place = found.get(event.sought)
        try:
            if place is None:
                raise misplaced[event.sought]
            check_kind(event.kind, place.kind)
        except Refusal as refusal:
            refusals.append(refused(event.place, refusal))
        else:
            on_channels.append(Placed(event, place.channel_id, opt_out(event, place.kind)))
    return on_channels, refusals


async def _lock(writer: Writer, events: Sequence[Placed]) -> None:
    """Locks what will be changed besides the timelines, before anything is written.

    Who records a hard bounce waits for all who record anything on that channel, and they for it: their rows refer to
    the channel. So one of a bounce and a delivery at the same time sees the other.
    """
    opted_out = {each.channel_id for each in events if each.out}
    bounced = {each.channel_id for each in events if is_hard_bounce(each.event)}
    if not opted_out and not bounced:
        return
    try:
        await profiles.lock_of(writer, channel_ids=opted_out | bounced)
    except ChannelNotFound:  # it was there when it was looked for
        raise Again from None
    if bounced:
        await writer.fetch(LOCKED, ids=bounced)


async def _take_effect(writer: Writer, new: Sequence[Placed], act: Act) -> None:
    """Does to each channel what follows from what is new about it."""
    if outs := [(each.channel_id, each.out) for each in new if each.out]:
        await consent.record(writer, given=outs, act=act)
    await ban(writer, channel_ids=_with(new, EngagementKind.COMPLAINT), act=act)
    bounced = {each.channel_id for each in new if is_hard_bounce(each.event)}
    await hold(writer, bounced=bounced, delivered=_with(new, EngagementKind.DELIVERY), act=act)


def _with(events: Iterable[Placed], kind: EngagementKind) -> set[UUID]:
    return {each.channel_id for each in events if each.event.kind is kind}
