"""What a person decides to part: undoing a merge, unlinking a channel; and taking back that two are kept apart.

Parting retracts links. The profile falls apart along what is left; everything goes with its channels.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.accounts.rules import Guards
from app.acts import Act
from app.db import Again, Writer, first
from app.events import operations as events
from app.identity.errors import NoSuch, StillHeld, WrongState
from app.identity.operations import writing
from app.identity.queries import state
from app.identity.queries.state import Undoable
from app.identity.rules import telling
from app.identity.rules.picture import Picture, holding
from app.ids import spelled
from app.profiles.errors import ChannelNotFound


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing a merge did: the profile that keeps its id, and the one that is its own again."""

    survivor_id: UUID
    restored_id: UUID
    merge_id: UUID


@dataclass(frozen=True, slots=True)
class Unlinked:
    """What unlinking a channel did: the profile without it (its oldest part), and the channel's own."""

    remaining_id: UUID
    separated_id: UUID


@dataclass(frozen=True, slots=True)
class Lifted:
    """A never-link that holds no more."""

    never_link_id: UUID


async def undo(writer: Writer, *, merge_id: UUID | None, never_again: bool, guards: Guards, act: Act) -> Undone:
    """Undoes a merge by retracting its link; with `never_again` the two sides are kept apart from now on.

    Claims that had yielded to the link come back, unless a guard objects by now, or they would join the two sides.
    Raises NoSuch, WrongState where it is undone already or one side is deleted or erased, StillHeld where other links
    hold the two sides together.
    """
    found = first(await writer.fetch(state.MERGE, merge_id=merge_id)) if merge_id else None
    if found is None:
        await _check_removed(writer, merge_id)
        raise NoSuch("merge", field=("mergeId",))
    yielded = await writer.fetch(state.YIELDED, link_id=found.link.id)
    ends = [*found.link.ends, *(end for claim in yielded for end in claim.ends)]
    picture = await writing.pictured_around(writer, ends, guards, with_links=True)
    [found] = await writer.fetch(state.MERGE, merge_id=found.id)  # once more, under the locks
    _check(picture, found, came=await writer.fetch(state.CAME, merge_id=found.id))
    one, other = found.link.ends
    picture.drop(found.link.id)
    back = [claim for claim in yielded if picture.revive(claim, apart=(one, other))]
    if back:
        writing.come_back(writer, back, link_id=found.link.id, act=act)
    sides = picture.group_of(one), picture.group_of(other)
    writing.retract(writer, [found.link.id], act=act)
    fact = {"merge": spelled("ProfileMerge", found.id), "link": spelled("Link", found.link.id)}
    events.publish(writer, name="merge_undone", data=fact, channel_ids=[one, other], act=act)
    if never_again:
        writing.keep_apart(writer, *sides, act=act)
    await writing.regroup(writer, picture, changed=[one, other])
    ids = sorted((picture.oldest_of(id).age, picture.profile_of(id)) for id in (one, other))
    return Undone(ids[0][1], ids[1][1], found.id)


async def _check_removed(writer: Writer, merge_id: UUID | None) -> None:
    """Raises WrongState where what the merge joined was deleted or erased."""
    if merge_id and await writer.fetch(state.REMOVED_MERGE, merge_id=merge_id):
        raise WrongState("What it joined was deleted or erased; it cannot be undone any more.", field=("mergeId",))


def _check(picture: Picture, found: Undoable, *, came: list[UUID]) -> None:
    """Raises WrongState or StillHeld where the merge cannot be undone."""
    if found.undone:
        raise WrongState("This merge was undone already.", field=("mergeId",))
    link = picture.links.get(found.link.id)
    if link is None:
        raise Again
    if picture.holds_without(link):
        held = holding(picture.links, link, side=came)
        pairs = [(picture.members[each.first_id].address, picture.members[each.second_id].address) for each in held]
        raise StillHeld([each.id for each in held], telling.held(pairs))


async def unlink(writer: Writer, *, channel_id: UUID | None, never_again: bool, act: Act) -> Unlinked:
    """Retracts all links of a channel; with `never_again` it is kept apart from the others of its profile.

    Raises ChannelNotFound, or WrongState where it is its profile's only channel.
    """
    found = first(await writer.fetch(state.BY_IDS, ids=[channel_id])) if channel_id else None
    if found is None:
        raise ChannelNotFound(field=("channelId",))
    id, unguarded = found.id, Guards()  # nothing is joined
    picture = await writing.pictured(writer, [found], unguarded, with_links=True)
    others = picture.group_of(id) - {id}
    if not others:
        raise WrongState("It is its profile's only channel; there is nothing to unlink it from.", field=("channelId",))
    dropped = [link for link in picture.links.values() if id in link.ends]
    picture.drop(*(link.id for link in dropped))
    writing.retract(writer, [link.id for link in dropped], act=act)
    fact = {"channel": spelled("Channel", id), "links": [spelled("Link", link.id) for link in dropped]}
    oldest = min((picture.members[other] for other in others), key=lambda member: member.age)
    events.publish(writer, name="channel_unlinked", data=fact, channel_ids=[id, oldest.id], act=act)
    if never_again:
        writing.keep_apart(writer, [id], others, act=act)
    await writing.regroup(writer, picture, changed=[id, *others])
    return Unlinked(picture.profile_of(oldest.id), picture.profile_of(id))


async def lift(writer: Writer, *, never_link_id: UUID | None, act: Act) -> Lifted:
    """Lifts a never-link: its channels may be linked again. Raises NoSuch."""
    channel_ids = await writer.fetch(state.NEVER_LINK_CHANNELS, never_link_id=never_link_id) if never_link_id else []
    if never_link_id is None or not channel_ids:
        raise NoSuch("never-link", field=("id",))
    await writer.execute(writing.LIFT_CHANNELS, ids=[never_link_id])
    lifted: Iterable[object] = await writer.fetch(writing.LIFT, ids=[never_link_id])
    if not lifted:
        raise NoSuch("never-link", field=("id",))  # somebody else was faster
    fact = {"neverLink": spelled("NeverLink", never_link_id)}
    events.publish(writer, name="never_link_lifted", data=fact, channel_ids=channel_ids, act=act)
    return Lifted(never_link_id)
