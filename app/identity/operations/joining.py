"""What a person decides to join: merging two profiles, and resolving what a guard stopped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import String, update

from app.accounts.rules import Guards
from app.acts import Act
from app.channels.queries import Member
from app.channels.rules import text
from app.db import Writer, changing, first, param, table
from app.db.types import Id, Time
from app.events import operations as events
from app.identity.errors import KeptApart, NoSuch, OneProfileAlready, OverLimit, TwoProfiles, WrongState
from app.identity.operations import writing
from app.identity.operations.adding import Added
from app.identity.queries import state
from app.identity.queries.state import At, Proposed
from app.identity.rules import telling
from app.identity.rules.contacts import LONGEST_DETAIL
from app.identity.rules.picture import Held, Outcome, Picture, Sides
from app.ids import spelled
from app.tables import IntakeMethod, LinkProposal, LinkTrust, ProposalReason, Resolution

BY_HAND = "Merged by hand."
ACCEPTED = "A proposal was accepted."
_proposal = table(LinkProposal)
RESOLVE = changing(
    update(_proposal)
    .where(_proposal.c.id == param("proposal_id", Id()))
    .values(
        resolution=param("new_resolution", String()),
        resolved_at=param("now", Time()),
        resolved_by=param("by", String()),
    )
)


@dataclass(frozen=True, slots=True)
class MergedProfiles:
    """What merging did."""

    profile_id: UUID
    merge_id: UUID


@dataclass(frozen=True, slots=True)
class Resolved:
    """What resolving a proposal did; `added` where it was accepted."""

    proposal_id: UUID
    added: Added | None = None


async def merge(
    writer: Writer, *, home_ids: Sequence[UUID | None], reason: str | None, guards: Guards, act: Act
) -> MergedProfiles:
    """Merges two profiles, under the older one's id, by a link between their oldest channels.

    Raises NoSuch, TwoProfiles, OneProfileAlready, KeptApart, OverLimit or TextTooLong.
    """
    text(reason, LONGEST_DETAIL, field=("reason",))
    found = await _at_homes(writer, home_ids)
    picture = await writing.pictured(writer, found, guards)
    ends = [picture.oldest_of(at.id) for at in found]
    if ends[0] == ends[-1]:
        raise OneProfileAlready
    sides = picture.sides_by_hand(ends[0].id, ends[1].id)
    check(picture, sides, field="profileIds")
    by_hand = replace(act, method=IntakeMethod.MANUAL, detail=reason)
    merge_id = await join(writer, picture, ends, sides, reason=reason or BY_HAND, act=by_hand)
    return MergedProfiles(picture.profile_of(ends[0].id), merge_id)


async def _at_homes(writer: Writer, home_ids: Sequence[UUID | None]) -> list[At]:
    """Where the channels born with these ids are; every id that was ever returned is one."""
    if len(home_ids) != 2:
        raise TwoProfiles
    known = dict(await writer.fetch(state.AT_HOMES, home_ids=[id for id in home_ids if id]))
    for place, id in enumerate(home_ids):
        if id not in known:
            raise NoSuch("profile", field=("profileIds", str(place)))
    return list(known.values())


def check(picture: Picture, sides: Sides, *, field: str, overruled: ProposalReason | None = None) -> None:
    """Raises KeptApart or OverLimit where a guard keeps even a person from joining the two sides."""
    objection = picture.objection_by_hand(sides, overruled)
    if objection is not None:
        message = f"These are not joined, for {telling.OBJECTIONS[objection]}. {telling.REMEDIES[objection]}."
        refusal = KeptApart if objection is ProposalReason.NEVER_LINK else OverLimit
        raise refusal(message, field=(field,))


async def join(
    writer: Writer, picture: Picture, ends: Sequence[Member], sides: Sides, *, reason: str, act: Act
) -> UUID:
    """Joins two profiles by a trusted link between these channels; the merge."""
    link = Held.between(*ends, id=act.new_id(), trust=LinkTrust.TRUSTED)
    merged = picture.join(sides, link)
    writing.link(writer, link, act=act)
    merge_id = writing.merge(writer, merged, link_id=link.id, ends=ends, reason=reason, act=act)
    await writing.regroup(writer, picture, changed=[end.id for end in ends])
    return merge_id


async def resolve(writer: Writer, *, proposal_id: UUID | None, accept: bool, guards: Guards, act: Act) -> Resolved:
    """Accepts a proposal, which overrules the guard that made it, or rejects it, which makes a never-link.

    Raises NoSuch, WrongState where it is decided or pointless already, KeptApart or OverLimit where another guard than
    its own objects to joining the profiles now.
    """
    proposal = first(await writer.fetch(state.PROPOSAL, proposal_id=proposal_id)) if proposal_id else None
    if proposal is None:
        raise NoSuch("link proposal", field=("id",))
    picture = await writing.pictured_around(writer, proposal.ends, guards)
    [proposal] = await writer.fetch(state.PROPOSAL, proposal_id=proposal.id)  # once more, under the locks
    if proposal.resolution is not Resolution.OPEN:
        raise WrongState(f"This proposal was {proposal.resolution.lower()} already.", field=("id",))
    if proposal.second_id in picture.group_of(proposal.first_id):
        raise WrongState("Its addresses are in one profile already; nothing is left to decide.", field=("id",))
    work = _accept if accept else _reject
    return await work(writer, picture, proposal, replace(act, method=IntakeMethod.MANUAL))


async def _accept(writer: Writer, picture: Picture, proposal: Proposed, act: Act) -> Resolved:
    ends = [picture.members[proposal.first_id], picture.members[proposal.second_id]]
    sides = picture.sides_by_hand(ends[0].id, ends[1].id)
    check(picture, sides, field="id", overruled=proposal.reason)
    if proposal.reason is ProposalReason.NEVER_LINK:
        await _lift_between(writer, sides, act)
    merge_id = await join(writer, picture, ends, sides, reason=ACCEPTED, act=act)
    resolved(writer, proposal, Resolution.ACCEPTED, ends, act)
    added = Added(
        Outcome.MERGED,
        telling.ACCEPTED,
        picture.profile_of(ends[0].id),
        tuple(end.id for end in ends),
        (merge_id,),
    )
    return Resolved(proposal.id, added)


async def _lift_between(writer: Writer, sides: Sides, act: Act) -> None:
    """Lifts what keeps the two sides apart; what their never-links say of other channels stays, as new ones."""
    joined = sides.first | sides.second
    known = await writer.fetch(state.NEVER, ids=joined)
    ids = {id for one, other, id in known if (one in sides.first) != (other in sides.first)}
    if not ids:
        return
    named = await writer.fetch(state.NAMED, ids=ids)
    await writer.execute(writing.LIFT_CHANNELS, ids=ids)
    await writer.fetch(writing.LIFT, ids=ids)
    for id in sorted(ids):
        one, other = ({channel for never, channel, side in named if (never, side) == (id, each)} for each in (0, 1))
        for apart in ((one - joined, other), (one & joined, other - joined)):
            if all(apart):
                writing.keep_apart(writer, *apart, act=act)


async def _reject(writer: Writer, picture: Picture, proposal: Proposed, act: Act) -> Resolved:
    ends = [picture.members[proposal.first_id], picture.members[proposal.second_id]]
    apart: list[Any] = await writer.fetch(state.NEVER, ids=[end.id for end in ends])
    if not apart:
        writing.keep_apart(writer, [ends[0].id], [ends[1].id], act=act)
    resolved(writer, proposal, Resolution.REJECTED, ends, act)
    return Resolved(proposal.id)


def resolved(writer: Writer, proposal: Proposed, resolution: Resolution, ends: Sequence[Member], act: Act) -> None:
    """Records that a proposal was decided."""
    writer.later(RESOLVE, proposal_id=proposal.id, new_resolution=resolution, now=act.at, by=act.actor)
    fact = {"proposal": spelled("LinkProposal", proposal.id)}
    name = f"proposal_{resolution.lower()}"
    events.publish(writer, name=name, data=fact, channel_ids=[end.id for end in ends], act=act)
