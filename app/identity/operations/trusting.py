"""What a confirmation makes of claims: links that were claimed are trusted, links that waited for it are made."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import String, update

from app.accounts.rules import Guards
from app.acts import Act
from app.db import Writer, changing, param, table
from app.db.expressions import one_of
from app.events import operations as events
from app.identity.operations import joining, writing
from app.identity.queries import state
from app.identity.queries.state import Proposed
from app.identity.rules.picture import Held, Picture
from app.ids import spelled
from app.profiles import operations as profiles
from app.tables import Link, LinkTrust, ProposalReason, Resolution

CONFIRMED = "A claim was confirmed."
_link = table(Link)
TRUST = changing(update(_link).where(one_of(_link.c.id, "ids")).values(trust=param("new_trust", String())))


@dataclass(frozen=True, slots=True)
class Trusted:
    """What a confirmation did to identity: the links that are trusted now, and the merges that it made.

    `left` are proposals that a guard still stops; a person decides about them.
    """

    link_ids: tuple[UUID, ...] = ()
    merge_ids: tuple[UUID, ...] = ()
    left: tuple[UUID, ...] = ()


async def trust(
    writer: Writer, *, link_ids: Collection[UUID], proposal_ids: Collection[UUID], guards: Guards, act: Act
) -> Trusted:
    """Trusts the claims that still stand, and makes the links that waited for a confirmation alone.

    A link that a guard objects to now is left as a proposal; claims that nobody confirmed yield, as to any trusted
    data.
    """
    links, proposals, ends = await _claimed(writer, link_ids, proposal_ids)
    if not ends:
        return Trusted()
    picture = await writing.pictured_around(writer, ends, guards, with_links=True)
    if proposals:  # once more, under the locks
        proposals = await writer.fetch(state.PROPOSALS_BY_ID, ids=proposal_ids)
    trusted = _trust_links(writer, picture, links, act)
    waiting = [proposal for proposal in proposals if _waits(picture, proposal)]
    merges = {proposal.id: _join(writer, picture, proposal, act) for proposal in waiting}
    await writing.regroup(writer, picture, changed=ends)
    merged = tuple(merge_id for merge_id in merges.values() if merge_id)
    return Trusted(trusted, merged, tuple(id for id, merge_id in merges.items() if merge_id is None))


async def lock(writer: Writer, *, link_ids: Collection[UUID], proposal_ids: Collection[UUID]) -> None:
    """Locks the profiles that trusting these claims would be about, for who locks one of them before it trusts.

    Profiles are locked in one order by everybody, so that nobody waits in a circle. Raises Again where one is gone.
    """
    _, _, ends = await _claimed(writer, link_ids, proposal_ids)
    if ends:
        found = await writer.fetch(state.BY_IDS, ids=ends)
        await profiles.lock(writer, profile_ids=sorted({at.profile_id for at in found}))


async def _claimed(
    writer: Writer, link_ids: Collection[UUID], proposal_ids: Collection[UUID]
) -> tuple[list[Held], list[Proposed], set[UUID]]:
    """The claims as they are, and the channels that they are about."""
    links = await writer.fetch(state.LINKS_BY_ID, ids=link_ids) if link_ids else []
    proposals = await writer.fetch(state.PROPOSALS_BY_ID, ids=proposal_ids) if proposal_ids else []
    ends = {id for link in links for id in link.ends} | {id for proposal in proposals for id in proposal.ends}
    return links, proposals, ends


def _trust_links(writer: Writer, picture: Picture, links: Sequence[Held], act: Act) -> tuple[UUID, ...]:
    """Trusts those of the links that are claims still in force."""
    stands = [link for link in links if link.id in picture.links and link.trust is LinkTrust.CLAIMED]
    for link in stands:
        picture.hold(link._replace(trust=LinkTrust.TRUSTED))
        fact = {"link": spelled("Link", link.id)}
        events.publish(writer, name="claim_confirmed", data=fact, channel_ids=link.ends, act=act)
    ids = tuple(link.id for link in stands)
    if ids:
        writer.later(TRUST, ids=ids, new_trust=LinkTrust.TRUSTED)
    return ids


def _waits(picture: Picture, proposal: Proposed) -> bool:
    """Whether the proposal still waits for a confirmation."""
    open_ = proposal.resolution is Resolution.OPEN and proposal.reason is ProposalReason.UNVERIFIED
    return open_ and proposal.second_id not in picture.group_of(proposal.first_id)


def _join(writer: Writer, picture: Picture, proposal: Proposed, act: Act) -> UUID | None:
    """Makes the link that was proposed, unless its channels are in one profile by now or a guard objects; the merge."""
    first_id, second_id = proposal.ends
    if second_id in picture.group_of(first_id):
        return None
    sides = picture.sides(first_id, second_id, trust=LinkTrust.TRUSTED)
    if picture.objection(first_id, second_id, sides, trust=LinkTrust.TRUSTED, merges=True):
        return None
    ends = [picture.members[id] for id in proposal.ends]
    link = Held.between(*ends, id=act.new_id(), trust=LinkTrust.TRUSTED)
    merged = picture.join(sides, link)
    writing.link(writer, link, act=act)
    writing.give_way(writer, sides.yielding, link_id=link.id, act=act)
    joining.resolved(writer, proposal, Resolution.ACCEPTED, ends, act)
    return writing.merge(writer, merged, link_id=link.id, ends=ends, reason=CONFIRMED, act=act)
