"""Deleting a contact, who may come back, and erasing a person, who may not be brought back unasked.

What stays says nothing of who they were: a keyed hash of each address, the skeletons of the ledgers, counts, and the
ids of merges that cannot be undone any more. What is removed is said by `app.privacy.queries.holdings`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, delete, func, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import AT_HOME
from app.channels.rules import Address
from app.db import Again, Insertion, Writer, changing, entity, first, param, selecting, table
from app.db.dialects import ACCOUNT
from app.db.expressions import one_of
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.privacy.queries.holdings import HOLDINGS, merges, pointless, touching
from app.profiles import operations as profiles
from app.profiles.errors import ProfileNotFound
from app.tables import (
    Channel,
    ChannelKind,
    ConsentRecord,
    ConsentStatus,
    Engagement,
    Link,
    LinkProposal,
    Merge,
    MergeChannel,
    RemovedChannel,
    RemovedMerge,
    RemovedRecord,
    SuppressionReason,
)


class Leaving(NamedTuple):
    """A channel that is about to be removed, as far as something of it stays."""

    id: UUID
    kind: ChannelKind
    address: str
    home_id: UUID
    status: ConsentStatus
    since: datetime | None
    consent_count: int
    consent_head: str | None
    suppressed_at: datetime | None

    @property
    def out_since(self) -> datetime | None:
        """Since when it must not be used: it opted out, or did so before it came back."""
        return self.since if self.status is ConsentStatus.OPTED_OUT else self.suppressed_at


@dataclass(frozen=True, slots=True)
class Removed:
    """A profile that was deleted or erased, and how many of its addresses are suppressed from now on."""

    profile_id: UUID
    suppressed: int


def _leaving(id: UUID, kind: str, address: str, home_id: UUID, status: str, *rest: Any) -> Leaving:
    return Leaving(id, ChannelKind(kind), address, home_id, ConsentStatus(status), *rest)


def _mine(column: Any) -> Any:
    return one_of(column, "channel_ids")


_channel, _engagement, _proposal = table(Channel), entity(Engagement), entity(LinkProposal)
_merge, _record = table(Merge), entity(ConsentRecord)
#: Locked against whatever is about to hang something on them.
LOCKED = selecting(
    _leaving,
    select(
        _channel.c.id,
        _channel.c.kind,
        _channel.c.address,
        _channel.c.home_id,
        _channel.c.consent_status,
        _channel.c.consent_at,
        _channel.c.consent_count,
        _channel.c.consent_head,
        _channel.c.suppressed_at,
    )
    .where(_channel.c.profile_id == param("profile_id", Id()))
    .order_by(_channel.c.id)
    .with_for_update(),
)
COUNTS = selecting(
    lambda channel_id, kind, count: (channel_id, kind, count),
    select(_engagement.channel_id, _engagement.kind, func.count())
    .where(_mine(_engagement.channel_id))
    .group_by(_engagement.channel_id, _engagement.kind),
)
POINTLESS = selecting(lambda id: id, pointless(_mine))
#: What an answer may have named besides the channels.
NAMED = selecting(
    lambda id: id,
    union_all(
        touching(_mine),
        merges(_mine),
        select(_proposal.id).where(or_(_mine(_proposal.first_channel_id), _mine(_proposal.second_channel_id))),
    ),
)
INTO_REMOVED = Insertion(RemovedChannel)


def _keeping_records() -> Any:
    kept = [c.key for c in table(RemovedRecord).c if c.key != "account_id"]
    rows = select(ACCOUNT, *(getattr(_record, name) for name in kept)).where(_mine(_record.channel_id))
    return insert(table(RemovedRecord)).from_select(["account_id", *kept], rows)


def _keeping_merges() -> Any:
    merge = entity(Merge)
    rows = select(ACCOUNT, merge.id, param("now", Time())).where(merge.link_id.in_(touching(_mine)))
    return insert(table(RemovedMerge)).from_select(["account_id", "id", "at"], rows)


def _naming_others() -> Any:
    """Merges of others whose profiles bore the name of a channel that goes are named by their link's ends instead."""
    came = entity(MergeChannel)
    with_it = select(came.merge_id).where(_mine(came.channel_id))
    gone = {side: one_of(_merge.c[side], "home_ids") for side in ("survivor_id", "absorbed_id")}
    homes = {"survivor_id": _home_of_end(came=False), "absorbed_id": _home_of_end(came=True)}
    return (
        update(_merge)
        .where(or_(gone["survivor_id"], _merge.c.id.in_(with_it)), _merge.c.link_id.not_in(touching(_mine)))
        .values({side: case((gone[side], home), else_=_merge.c[side]) for side, home in homes.items()})
    )


def _home_of_end(*, came: bool) -> Any:
    """The home of the end of a merge's link that came with the absorbed profile, or of the other."""
    link, end, brought = entity(Link), entity(Channel), entity(MergeChannel)
    with_it = select(brought.channel_id).where(brought.merge_id == _merge.c.id, brought.channel_id == end.id).exists()
    return (
        select(end.home_id)
        .where(
            link.id == _merge.c.link_id,
            or_(end.id == link.first_channel_id, end.id == link.second_channel_id),
            with_it if came else ~with_it,
        )
        .scalar_subquery()
    )


KEEP = [changing(_keeping_records()), changing(_keeping_merges()), changing(_naming_others())]
REMOVE = [
    changing(delete(table(holding.of)).where(holding.goes(table(holding.of).c, _mine)))
    for holding in HOLDINGS
    if holding.goes
]


async def delete_profile(writer: Writer, *, home_id: UUID | None, act: Act) -> Removed:
    """Deletes the contact that the id resolves to, who may come back; an opt-out survives. Raises ProfileNotFound."""
    profile_id, leaving = await _locked(writer, home_id)
    suppressed = 0
    for each in leaving:
        digest = channels.digest(Address(each.kind, each.address), act)
        if each.out_since is None:
            channels.unsuppress(writer, digests=[digest])
        else:
            channels.suppress(writer, digest=digest, reason=SuppressionReason.OPTED_OUT, since=each.out_since)
            suppressed += 1
    return await _remove(writer, "profile_deleted", Removed(profile_id, suppressed), leaving, act)


async def erase_profile(writer: Writer, *, home_id: UUID | None, act: Act) -> Removed:
    """Erases the person whom the id resolves to; every address is suppressed from now on. Raises ProfileNotFound."""
    profile_id, leaving = await _locked(writer, home_id)
    for each in leaving:
        digest = channels.digest(Address(each.kind, each.address), act)
        channels.suppress(writer, digest=digest, reason=SuppressionReason.ERASED, since=act.at)
    return await _remove(writer, "profile_erased", Removed(profile_id, len(leaving)), leaving, act)


async def _locked(writer: Writer, home_id: UUID | None) -> tuple[UUID, list[Leaving]]:
    """The profile that the id resolves to, and its channels, locked. Raises ProfileNotFound."""
    known = first(await writer.fetch(AT_HOME, home_id=home_id)) if home_id else None
    if known is None:
        raise ProfileNotFound(field=("profileId",))
    await profiles.lock(writer, profile_ids=[known.profile_id])
    leaving = await writer.fetch(LOCKED, profile_id=known.profile_id)
    if known.id not in {each.id for each in leaving}:
        raise Again
    return known.profile_id, leaving


async def _remove(writer: Writer, name: str, removed: Removed, leaving: Sequence[Leaving], act: Act) -> Removed:
    """Keeps what says nothing of the person, removes all else, and publishes the fact."""
    ids, homes = [each.id for each in leaving], [each.home_id for each in leaving]
    named = await writer.fetch(NAMED, channel_ids=ids)
    values: dict[str, Any] = {
        "channel_ids": ids,
        "home_ids": homes,
        "pointless_ids": await writer.fetch(POINTLESS, channel_ids=ids),
        "names": _names([*ids, *homes, *named], [each.address for each in leaving]),
        "now": act.at,
    }
    await _keep_channels(writer, leaving, act)
    for statement in (*KEEP, *REMOVE):
        writer.later(statement, **values)
    fact = {
        "profile": spelled("Profile", removed.profile_id),
        "channels": [spelled("Channel", id) for id in ids],
        "suppressed": removed.suppressed,
    }
    events.publish(writer, name=name, data=fact, channel_ids=[], act=act)
    return removed


def _names(ids: Sequence[UUID], addresses: Sequence[str]) -> list[str]:
    """How kept answers spell these ids and addresses: outcomes with dashes, refusals without."""
    quoted = [json.dumps(address, ensure_ascii=False)[1:-1] for address in addresses]
    return [*map(str, ids), *(id.hex for id in ids), *quoted]


async def _keep_channels(writer: Writer, leaving: Sequence[Leaving], act: Act) -> None:
    """Keeps of each channel a keyed hash of its address, how its ledger ended, and how often what happened on it."""
    counts: dict[UUID, dict[str, int]] = {each.id: {} for each in leaving}
    for channel_id, kind, count in await writer.fetch(COUNTS, channel_ids=list(counts)):
        counts[channel_id][kind] = count
    for each in leaving:
        writer.insert(
            INTO_REMOVED,
            id=each.id,
            kind=each.kind,
            digest=channels.digest(Address(each.kind, each.address), act),
            at=act.at,
            consent_count=each.consent_count,
            consent_head=each.consent_head,
            engagements=counts[each.id],
        )
