"""Reading what was decided, or waits to be: never-links and link proposals."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, and_, case, exists, select

from app.db import entity
from app.db.expressions import in_order
from app.identity.rules.picture import ProposalStatus
from app.reading import Order
from app.tables import Channel, LinkProposal, NeverLink, NeverLinkChannel, Profile, Resolution


def never_links_of(profile: Any) -> Select[Any]:
    """The never-links that name a channel of the profile, the oldest first."""
    never = entity(NeverLink)
    ids = _naming(profile, 0).union(_naming(profile, 1)).subquery()
    found = select(never).select_from(in_order(ids, never, never.id == ids.c.id))
    return found.order_by(never.at, never.id)


def _naming(profile: Any, side: int) -> Any:
    """The never-links with a channel of the profile on that side; one may come twice."""
    named, channel = entity(NeverLinkChannel), entity(Channel)
    found = select(named.never_link_id.label("id"))
    joined = in_order(channel, named, named.channel_id == channel.id)
    return found.select_from(joined).where(channel.profile_id == profile.id, named.side == side)


def kept_apart(never: Any) -> Select[Any]:
    """The channels of both sides of a never-link, the oldest first."""
    channel, named = entity(Channel), entity(NeverLinkChannel)
    found = select(channel).select_from(in_order(named, channel, channel.id == named.channel_id))
    return found.where(named.never_link_id == never.id).order_by(channel.created_at, channel.id)


def on_side(side: int) -> Any:
    """The channels of one of the sides, 0 or 1."""

    def found(never: Any) -> Select[Any]:
        channel, named = entity(Channel), entity(NeverLinkChannel)
        there = and_(named.never_link_id == never.id, named.side == side)
        joined = in_order(named, channel, channel.id == named.channel_id)
        return select(channel).select_from(joined).where(there).order_by(channel.created_at, channel.id)

    return found


def proposals(_: object, status: ProposalStatus | None = None) -> Select[Any]:
    """The link proposals of the account; a status narrows them."""
    proposal = entity(LinkProposal)
    found = select(proposal)
    if status is None:
        return found
    stored = proposal.resolution == _stored(status)
    if status in (ProposalStatus.OPEN, ProposalStatus.SUPERSEDED):
        pointless = _pointless(proposal)
        return found.where(stored, pointless if status is ProposalStatus.SUPERSEDED else ~pointless)
    return found.where(stored)


def _stored(status: ProposalStatus) -> Resolution:
    return Resolution.OPEN if status is ProposalStatus.SUPERSEDED else Resolution(status)


def _pointless(proposal: Any) -> Any:
    """Whether its two channels are in one profile already."""
    first, second = entity(Channel), entity(Channel)
    joined = in_order(first, second, second.profile_id == first.profile_id)
    return exists(
        select(first.id)
        .select_from(joined)
        .where(first.id == proposal.first_channel_id, second.id == proposal.second_channel_id)
    )


def newest_first(proposal: Any, **_: Any) -> Order:
    """The order of proposals."""
    return Order(proposal.created_at, descending=True)


def status_of(proposal: Any) -> Any:
    """Open, decided, or superseded because its channels are in one profile all the same."""
    pointless = and_(proposal.resolution == Resolution.OPEN, _pointless(proposal))
    return case((pointless, ProposalStatus.SUPERSEDED), else_=proposal.resolution)


def profiles_of(proposal: Any) -> Select[Any]:
    """The profiles that its channels are in now, the older first: by their oldest channels, whose homes they are."""
    profile, oldest = entity(Profile), entity(Channel)
    ids = _profile_at(proposal.first_channel_id).union(_profile_at(proposal.second_channel_id)).subquery()
    joined = in_order(in_order(ids, profile, profile.id == ids.c.profile_id), oldest, oldest.home_id == profile.id)
    return select(profile).select_from(joined).order_by(oldest.created_at, oldest.id)


def _profile_at(channel_id: Any) -> Any:
    channel = entity(Channel)
    return select(channel.profile_id).where(channel.id == channel_id)


def told_by(proposal: Any) -> Sequence[Any]:
    """What the explanation of a proposal is made of."""
    first, second = entity(Channel), entity(Channel)
    addresses = (
        select(first.address).where(first.id == proposal.first_channel_id).scalar_subquery(),
        select(second.address).where(second.id == proposal.second_channel_id).scalar_subquery(),
    )
    return proposal.reason, *addresses


def source_of(proposal: Any) -> Any:
    """The source of the evidence, under the names that every source has."""
    return SimpleNamespace(method=proposal.method, detail=proposal.detail, at=proposal.created_at)


def proposal_by_id(payload: Any) -> Select[Any]:
    """The proposal `payload.proposal_id`."""
    proposal = entity(LinkProposal)
    return select(proposal).where(proposal.id == payload.proposal_id)
