"""Recording what is reported of channels, with all that follows from it for each."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from app.acts import Act
from app.channels.queries import HELD_BY_BOUNCES, LOCKED, LOCKED_WITH_OTHERS
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
    """What came of a report: the ids of what was recorded in the report's order, and how many were known already.

    Its channels are named, so that where it is kept it is found when one of them is erased.
    """

    engagement_ids: tuple[UUID, ...] = ()
    duplicates: int = 0
    refused: tuple[Refused, ...] = ()
    channel_ids: tuple[UUID, ...] = ()


async def report(writer: Writer, *, events: Sequence[Event], region: str, act: Act) -> Reported:
    """Records checked events, in any order; numbers of contacts are read in the region (ISO 3166).

    Unsubscribes and complaints opt out, and complaints ban; texts that ask for it opt out; hard bounces in a row hold,
    deliveries release. Each touches its own channel alone. What was known under its external id does nothing.
    """
    found, misplaced = await placed(writer, sought={event.sought for event in events}, region=region)
    on_channels, refusals = _sorted(events, found, misplaced)
    locked = await _lock(writer, on_channels)
    entries = [Entry(each.channel_id, *each.event[2:]) for each in on_channels]
    ids = await append(writer, entries=entries, act=act) if entries else []
    new = [each for each, id in zip(on_channels, ids, strict=True) if id]
    await _take_effect(writer, new, locked, act)
    channel_ids = dict.fromkeys(each.channel_id for each in new)
    return Reported(tuple(id for id in ids if id), len(ids) - len(new), tuple(refusals), tuple(channel_ids))


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


class Locked(NamedTuple):
    """What nobody else changes until the end: profiles, and the channels that their bounces hold."""

    profile_ids: Collection[UUID]
    held: Collection[UUID]


async def _lock(writer: Writer, events: Sequence[Placed]) -> Locked:
    """Locks what will change besides the timelines, before anything is written.

    Everybody locks profiles first, then the channels of opt-outs, bounces and deliveries, each in the order of their
    ids: so of a bounce and a delivery at the same time one sees the other, and nobody waits in a circle. Those who
    report deliveries alone, as most do, do not wait for each other.
    """
    delivered = _with(events, EngagementKind.DELIVERY)
    held = set(await writer.fetch(HELD_BY_BOUNCES, ids=delivered)) if delivered else set()
    changing = {each.channel_id for each in events if each.out or is_hard_bounce(each.event)} | held
    try:
        profile_ids = await profiles.lock_of(writer, channel_ids=changing) if changing else []
    except ChannelNotFound:  # it was there when it was looked for
        raise Again from None
    how = LOCKED if changing else LOCKED_WITH_OTHERS
    locked = await writer.fetch(how, ids=delivered | changing) if delivered or changing else []
    now_held = {id for id, is_held in locked if is_held}
    if not now_held <= changing:  # meanwhile
        raise Again
    return Locked(profile_ids, now_held)


async def _take_effect(writer: Writer, new: Sequence[Placed], locked: Locked, act: Act) -> None:
    """Does to each channel what follows from what is new about it."""
    profile_ids = set[UUID]()
    if outs := [(each.channel_id, each.out) for each in new if each.out]:
        await consent.append(writer, given=outs, act=act)
        profile_ids.update(locked.profile_ids)
    profile_ids |= await ban(writer, channel_ids=_with(new, EngagementKind.COMPLAINT), act=act)
    bounced = {each.channel_id for each in new if is_hard_bounce(each.event)}
    released = _with(new, EngagementKind.DELIVERY) & set(locked.held)
    profile_ids |= await hold(writer, channel_ids=bounced | released, act=act)
    if profile_ids:
        await profiles.maintain(writer, ids=profile_ids)


def _with(events: Iterable[Placed], kind: EngagementKind) -> set[UUID]:
    return {each.channel_id for each in events if each.event.kind is kind}
