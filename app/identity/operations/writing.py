"""Writing what was played through in a picture: links, merges, proposals, never-links, and who is in which profile.

One order of locks for all that joins or parts channels: the channels are found, their profiles locked in the order of
their ids, and looked at again. Whoever was faster makes it start over.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, literal, select, update

from app.accounts.rules import Guards
from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import Member, Suppressed, suppressed_among, suppressed_of
from app.channels.rules import Address
from app.db import Again, Insertion, Writer, changing, param, selecting, table
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.events import operations as events
from app.identity.queries import state
from app.identity.queries.state import At
from app.identity.rules.picture import Held, Merged, Picture
from app.ids import spelled
from app.profiles import operations as profiles
from app.tables import (
    Channel,
    ClaimYield,
    Link,
    LinkProposal,
    LinkTrust,
    Merge,
    MergeChannel,
    NeverLink,
    NeverLinkChannel,
    Profile,
    ProposalReason,
    Resolution,
)

_channel, _link, _merge, _claim_yield = table(Channel), table(Link), table(Merge), table(ClaimYield)
_profile, _never_link, _never_link_channel = table(Profile), table(NeverLink), table(NeverLinkChannel)
INTO_LINK = Insertion(Link)
INTO_YIELDS = Insertion(ClaimYield)
INTO_MERGE = Insertion(Merge)
INTO_MERGE_CHANNELS = Insertion(MergeChannel)
INTO_PROPOSALS = Insertion(LinkProposal, contested=True)
INTO_NEVER_LINKS = Insertion(NeverLink)
INTO_NEVER_LINK_CHANNELS = Insertion(NeverLinkChannel)


def _lock_at() -> Any:
    """Locks the profiles that addresses are in: a row for each, and one for each address that is suppressed."""
    locked = (
        select(_profile.c.id)
        .where(_profile.c.id.in_(select(state.at_addresses_of().c.profile_id)))
        .order_by(_profile.c.id)
        .with_for_update(key_share=True, of=_profile)
        .cte("locked")
    )
    suppressed = suppressed_among("digests").subquery()
    nothing = [literal(None, column.type) for column in suppressed.c]
    return select(locked.c.id, *nothing).union_all(select(literal(None, Id()), *suppressed.c))


LOCK_AT = selecting(lambda profile_id, *suppressed: (profile_id, suppressed), _lock_at())
MOVE = changing(update(_channel).where(one_of(_channel.c.id, "ids")).values(profile_id=param("new_profile_id", Id())))
RETRACT = changing(
    update(_link)
    .where(one_of(_link.c.id, "ids"), _link.c.retracted_at.is_(None))
    .values(retracted_at=param("now", Time()))
)
REVIVE = changing(update(_link).where(one_of(_link.c.id, "ids")).values(retracted_at=None))
FORGET_YIELDS = changing(delete(_claim_yield).where(_claim_yield.c.link_id == param("this_link_id", Id())))
RETRACT_MERGES = changing(
    update(_merge)
    .where(one_of(_merge.c.link_id, "ids"), _merge.c.undone_at.is_(None))
    .values(undone_at=param("now", Time()))
)
LIFT_CHANNELS = changing(delete(_never_link_channel).where(one_of(_never_link_channel.c.never_link_id, "ids")))
LIFT = changing(delete(_never_link).where(one_of(_never_link.c.id, "ids")).returning(_never_link.c.id))


async def pictured_at(
    writer: Writer, digests: Mapping[Address, str], guards: Guards
) -> tuple[Picture, dict[Address, Suppressed]]:
    """Locks the profiles that these addresses are in and takes the picture of them, in one statement each.

    With it come those of the addresses that are suppressed. An address that moved meanwhile is not in the picture: its
    channel is there when it is to be inserted, and the work starts over.
    """
    found = await writer.fetch(LOCK_AT, **state.by_kind(digests), digests=digests.values())
    profile_ids = [id for id, _ in found if id]
    suppressed = dict(suppressed_of(*row) for id, row in found if not id)
    picture = await state.picture(writer, profile_ids=profile_ids, guards=guards)
    return picture, channels.by_address(suppressed, digests)


async def pictured(writer: Writer, found: Sequence[At], guards: Guards, *, with_links: bool = False) -> Picture:
    """Locks the profiles of these channels and takes the picture of them. Raises Again where one moved meanwhile."""
    profile_ids = sorted({at.profile_id for at in found})
    if profile_ids:
        await profiles.lock(writer, profile_ids=profile_ids)
    picture = await state.picture(writer, profile_ids=profile_ids, guards=guards, with_links=with_links)
    if any(at.id not in picture.members for at in found):
        raise Again
    return picture


async def pictured_around(
    writer: Writer, channel_ids: Collection[UUID], guards: Guards, *, with_links: bool = False
) -> Picture:
    """The same of the profiles that these channels are in. Raises Again also where one was removed meanwhile."""
    found = await writer.fetch(state.BY_IDS, ids=set(channel_ids))
    if len(found) < len(set(channel_ids)):
        raise Again
    return await pictured(writer, found, guards, with_links=with_links)


def link(writer: Writer, held: Held, *, act: Act) -> None:
    """Keeps the evidence that two channels are one person's, also where it tells nothing new."""
    writer.insert(
        INTO_LINK,
        id=held.id,
        first_channel_id=held.first_id,
        second_channel_id=held.second_id,
        at=act.at,
        method=act.method,
        detail=act.detail,
        actor=act.actor,
        trust=held.trust,
        retracted_at=None,
    )
    act.note("links", held.id)


def merge(writer: Writer, merged: Merged, *, link_id: UUID, ends: Iterable[Member], reason: str, act: Act) -> UUID:
    """Records that a link joined two profiles, and which channels came with the absorbed one."""
    id = act.new_id()
    writer.insert(
        INTO_MERGE,
        id=id,
        link_id=link_id,
        survivor_id=merged.survivor_id,
        absorbed_id=merged.absorbed_id,
        at=act.at,
        actor=act.actor,
        reason=reason,
        undone_at=None,
    )
    act.note("merges", id)
    for channel_id in merged.came:
        writer.insert(INTO_MERGE_CHANNELS, merge_id=id, channel_id=channel_id)
    fact = {
        "merge": spelled("ProfileMerge", id),
        "link": spelled("Link", link_id),
        "survivor": spelled("Profile", merged.survivor_id),
        "absorbed": spelled("Profile", merged.absorbed_id),
    }
    events.publish(writer, name="profiles_merged", data=fact, channel_ids=[end.id for end in ends], act=act)
    return id


def propose(writer: Writer, ends: Iterable[Member], *, reason: ProposalReason, trust: LinkTrust, act: Act) -> UUID:
    """Keeps the evidence of a link that a guard stopped, for a person or a confirmation to decide."""
    first, second = sorted(ends, key=lambda member: member.age)
    id = act.new_id()
    writer.insert(
        INTO_PROPOSALS,
        id=id,
        first_channel_id=first.id,
        second_channel_id=second.id,
        reason=reason,
        resolution=Resolution.OPEN,
        created_at=act.at,
        method=act.method,
        detail=act.detail,
        actor=act.actor,
        trust=trust,
        resolved_at=None,
        resolved_by=None,
    )
    act.note("proposals", id)
    fact = {"proposal": spelled("LinkProposal", id), "reason": reason}
    events.publish(writer, name="proposal_made", data=fact, channel_ids=[first.id, second.id], act=act)
    return id


def retract(writer: Writer, link_ids: Collection[UUID], *, act: Act) -> None:
    """Retracts links, and with them the merges that they made."""
    writer.later(RETRACT, ids=link_ids, now=act.at)
    writer.later(RETRACT_MERGES, ids=link_ids, now=act.at)


def give_way(writer: Writer, claims: Sequence[Held], *, link_id: UUID, act: Act) -> None:
    """Retracts claims that yield to the link of trusted data, and records it."""
    if claims:
        retract(writer, [claim.id for claim in claims], act=act)
    for claim in claims:
        writer.insert(INTO_YIELDS, link_id=link_id, claim_id=claim.id)
        events.publish(
            writer, name="claim_yielded", data={"link": spelled("Link", claim.id)}, channel_ids=claim.ends, act=act
        )


def come_back(writer: Writer, claims: Sequence[Held], *, link_id: UUID, act: Act) -> None:
    """Puts claims that yielded to a link into force again, now that it is retracted."""
    writer.later(REVIVE, ids=[claim.id for claim in claims])
    writer.later(FORGET_YIELDS, this_link_id=link_id)
    for claim in claims:
        fact = {"link": spelled("Link", claim.id)}
        events.publish(writer, name="claim_came_back", data=fact, channel_ids=claim.ends, act=act)


def keep_apart(writer: Writer, one: Iterable[UUID], other: Iterable[UUID], *, act: Act) -> UUID:
    """Remembers that the channels of two sides are not one person's."""
    id = act.new_id()
    writer.insert(INTO_NEVER_LINKS, id=id, at=act.at, actor=act.actor)
    sides = [(channel_id, side) for side, ids in enumerate((one, other)) for channel_id in sorted(ids)]
    for channel_id, side in sides:
        writer.insert(INTO_NEVER_LINK_CHANNELS, never_link_id=id, channel_id=channel_id, side=side)
    fact = {"neverLink": spelled("NeverLink", id)}
    events.publish(writer, name="never_link_made", data=fact, channel_ids=[id for id, _ in sides], act=act)
    return id


async def regroup(writer: Writer, picture: Picture, *, changed: Iterable[UUID]) -> None:
    """Puts the channels into the profiles that they are in now, and maintains these.

    `changed` are channels of which something else changed that their profile shows.
    """
    moved, emptied = picture.moved(), picture.emptied()
    if len(moved) == 1:
        [(profile_id, ids)] = moved.items()
        writer.later(MOVE, ids=ids, new_profile_id=profile_id)
    elif moved:
        await writer.execute_many(MOVE, [{"ids": ids, "new_profile_id": id} for id, ids in moved.items()])
    if emptied:
        writer.later(profiles.DELETE, ids=emptied)
    touched = {picture.profile_of(id) for id in changed} | set(moved) | remaining(picture, moved)
    if touched:
        await profiles.maintain(writer, ids=sorted(touched))


async def maintain_channels(writer: Writer, channel_ids: Collection[UUID]) -> None:
    """Maintains the profiles that these channels are in."""
    found = await writer.fetch(state.BY_IDS, ids=channel_ids)
    await profiles.maintain(writer, ids=sorted({at.profile_id for at in found}))


def remaining(picture: Picture, moved: dict[UUID, list[UUID]]) -> set[UUID]:
    """The profiles from which channels moved away, and which go on."""
    left = {picture.stored[id].profile_id for ids in moved.values() for id in ids}
    return left - picture.emptied()
