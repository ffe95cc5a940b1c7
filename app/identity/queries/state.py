"""What an operation on identity has to know of the channels that it is about."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import and_, exists, literal_column, select, union_all

from app.accounts.rules import Guards
from app.channels.queries import member_columns, member_of
from app.channels.rules import Address
from app.db import Reader, entity, param, selecting
from app.db.expressions import each_of, in_order, one_of, one_of_texts
from app.db.types import Id
from app.identity.rules.picture import Held, Known, Picture
from app.kinds import ChannelKind
from app.tables import (
    Channel,
    ClaimYield,
    Link,
    LinkProposal,
    LinkTrust,
    Merge,
    MergeChannel,
    NeverLinkChannel,
    ProposalReason,
    RemovedMerge,
    Resolution,
)


class At(NamedTuple):
    """A channel that is known, and the profile that it was in when it was looked for."""

    id: UUID
    profile_id: UUID


class Undoable(NamedTuple):
    """A merge, with the link that made it."""

    id: UUID
    undone: bool
    link: Held


class Proposed(NamedTuple):
    """A proposal as it is stored."""

    id: UUID
    first_id: UUID
    second_id: UUID
    reason: ProposalReason
    resolution: Resolution

    @property
    def ends(self) -> tuple[UUID, UUID]:
        """The two channels, the older first."""
        return self.first_id, self.second_id


def _known(id: UUID, *columns: Any) -> Known:
    *member, updated_at, restricted_at, claimed, kept_apart = columns
    return Known(member_of(id, *member), restricted_at is not None, bool(claimed), bool(kept_apart), updated_at)


def _id(id: UUID) -> UUID:
    return id


def _held(id: UUID, first_id: UUID, second_id: UUID, trust: str) -> Held:
    return Held(id, first_id, second_id, LinkTrust(trust))


_channel, _link, _never, _other = entity(Channel), entity(Link), entity(NeverLinkChannel), entity(NeverLinkChannel)
_merge, _came, _proposal, _yield = entity(Merge), entity(MergeChannel), entity(LinkProposal), entity(ClaimYield)
_removed_merge = entity(RemovedMerge)
_IN_FORCE = _link.retracted_at.is_(None)
#: As the partial indexes of claims say it: with the trust bound, they would not serve.
_CLAIM = and_(_link.trust == literal_column("'CLAIMED'"), _IN_FORCE)


def _of_kind(kind: ChannelKind) -> Any:
    channel = entity(Channel)
    return select(channel.id, channel.profile_id).where(
        channel.kind == kind, one_of_texts(channel.address, kind.lower())
    )


def at_addresses_of() -> Any:
    """The channels at the addresses `by_kind`: their ids and profile ids, as a subquery."""
    return union_all(*map(_of_kind, ChannelKind)).subquery()


AT_ADDRESSES = selecting(At, select(at_addresses_of()))
AT_HOMES = selecting(
    lambda home_id, *at: (home_id, At(*at)),
    select(_channel.home_id, _channel.id, _channel.profile_id).where(one_of(_channel.home_id, "home_ids")),
)
_each = each_of(param("ids", Id()))
BY_IDS = selecting(
    At, select(_channel.id, _channel.profile_id).select_from(in_order(_each, _channel, _channel.id == _each.c.id))
)
KNOWN = selecting(
    _known,
    select(
        *member_columns(_channel),
        _channel.updated_at,
        _channel.restricted_at,
        exists(select(_link.id).where(_link.first_channel_id == _channel.id, _CLAIM))
        | exists(select(_link.id).where(_link.second_channel_id == _channel.id, _CLAIM)),
        exists(select(_never.channel_id).where(_never.channel_id == _channel.id)),
    ).where(one_of(_channel.profile_id, "profile_ids")),
)
_HELD = (_link.id, _link.first_channel_id, _link.second_channel_id, _link.trust)
LINKS = selecting(
    _held,
    select(*_HELD)
    .select_from(in_order(_channel, _link, _link.first_channel_id == _channel.id))
    .where(one_of(_channel.profile_id, "profile_ids"), _IN_FORCE),
)
LINKED = selecting(
    lambda first_id, second_id: (first_id, second_id),
    select(_link.first_channel_id, _link.second_channel_id)
    .where(one_of(_link.first_channel_id, "ids"), _link.trust == LinkTrust.TRUSTED, _IN_FORCE)
    .distinct(),
)
LINKS_BY_ID = selecting(_held, select(*_HELD).where(one_of(_link.id, "ids"), _IN_FORCE).order_by(_link.id))
NEVER = selecting(
    lambda first, second, id: (first, second, id),
    select(_never.channel_id, _other.channel_id, _never.never_link_id)
    .select_from(in_order(_never, _other, _other.never_link_id == _never.never_link_id))
    .where(one_of(_never.channel_id, "ids"), _never.side == 0, _other.side == 1, one_of(_other.channel_id, "ids")),
)
MERGE = selecting(
    lambda id, undone_at, *held: Undoable(id, undone_at is not None, _held(*held)),
    select(_merge.id, _merge.undone_at, *_HELD)
    .select_from(in_order(_merge, _link, _link.id == _merge.link_id))
    .where(_merge.id == param("merge_id", Id())),
)
REMOVED_MERGE = selecting(_id, select(_removed_merge.id).where(_removed_merge.id == param("merge_id", Id())))
YIELDED = selecting(
    _held,
    select(*_HELD)
    .select_from(in_order(_yield, _link, _link.id == _yield.claim_id))
    .where(_yield.link_id == param("link_id", Id()), ~_IN_FORCE)
    .order_by(_link.at, _link.id),
)
CAME = selecting(_id, select(_came.channel_id).where(_came.merge_id == param("merge_id", Id())))
NAMED = selecting(
    lambda never_link_id, channel_id, side: (never_link_id, channel_id, side),
    select(_never.never_link_id, _never.channel_id, _never.side).where(one_of(_never.never_link_id, "ids")),
)
NEVER_LINK_CHANNELS = selecting(
    _id, select(_never.channel_id).where(_never.never_link_id == param("never_link_id", Id()))
)


def _proposed(id: UUID, first_id: UUID, second_id: UUID, reason: str, resolution: str) -> Proposed:
    return Proposed(id, first_id, second_id, ProposalReason(reason), Resolution(resolution))


_PROPOSED = select(
    _proposal.id, _proposal.first_channel_id, _proposal.second_channel_id, _proposal.reason, _proposal.resolution
)
PROPOSAL = selecting(_proposed, _PROPOSED.where(_proposal.id == param("proposal_id", Id())))
PROPOSALS_BY_ID = selecting(_proposed, _PROPOSED.where(one_of(_proposal.id, "ids")).order_by(_proposal.id))
OPEN_PROPOSALS = selecting(
    _proposed,
    _PROPOSED.where(
        one_of(_proposal.first_channel_id, "ids"),
        one_of(_proposal.second_channel_id, "ids"),
        _proposal.resolution == Resolution.OPEN,
    ),
)


async def at_addresses(reader: Reader, addresses: Iterable[Address]) -> list[At]:
    """The channels that these addresses have already."""
    return await reader.fetch(AT_ADDRESSES, **by_kind(addresses))


def by_kind(addresses: Iterable[Address]) -> dict[str, list[str]]:
    """Addresses as statements take them."""
    texts: dict[str, list[str]] = {kind.lower(): [] for kind in ChannelKind}
    for address in addresses:
        texts[address.kind.lower()].append(address.text)
    return texts


async def picture(
    reader: Reader, *, profile_ids: Collection[UUID], guards: Guards, with_links: bool = False
) -> Picture:
    """The picture of these profiles; their links are in it where it is asked for, or where a claim might yield."""
    known = await reader.fetch(KNOWN, profile_ids=profile_ids) if profile_ids else []
    kept_apart = [each.member.id for each in known if each.kept_apart]
    never = await reader.fetch(NEVER, ids=kept_apart) if len(kept_apart) > 1 else []
    pairs = [(one, other) for one, other, _ in never]
    links = []
    if profile_ids and (with_links or any(each.claimed for each in known)):
        links = await reader.fetch(LINKS, profile_ids=profile_ids)
    return Picture(known, links=links, never=pairs, guards=guards)
