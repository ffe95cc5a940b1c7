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

from sqlalchemy import case, delete, func, not_, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import SQLModel

from app.acts import Act
from app.channels import operations as channels
from app.channels.rules import Address
from app.db import Insertion, Statement, Writer, changing, entity, param, selecting, table
from app.db.dialects import ACCOUNT
from app.db.expressions import constant, each_of, holds_one_of, in_order, one_of, one_of_texts, outer
from app.db.types import Id, Json, Time
from app.events import operations as events
from app.ids import spelled
from app.kinds import ChannelKind
from app.privacy.queries import holdings
from app.privacy.queries.holdings import HOLDINGS
from app.profiles import operations as profiles
from app.tables import (
    Channel,
    ConsentRecord,
    ConsentStatus,
    Engagement,
    Import,
    ImportChunk,
    ImportStatus,
    Link,
    Merge,
    MergeChannel,
    NeverLinkChannel,
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
        """Since when it must not be used: it opted out, or did so before it came back; the later."""
        opted_out = self.since if self.status is ConsentStatus.OPTED_OUT else None
        return max((at for at in (opted_out, self.suppressed_at) if at), default=None)


@dataclass(frozen=True, slots=True)
class Removed:
    """A profile that was deleted or erased, and how many of its addresses are suppressed from now on."""

    profile_id: UUID
    suppressed: int


def _leaving(id: UUID, kind: str, address: str, home_id: UUID, status: str, *rest: Any) -> Leaving:
    return Leaving(id, ChannelKind(kind), address, home_id, ConsentStatus(status), *rest)


def _mine(column: Any) -> Any:
    return one_of(column, holdings.CHANNELS)


_channel, _engagement = table(Channel), entity(Engagement)
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
    .where(_mine(_channel.c.id))
    .order_by(_channel.c.id)
    .with_for_update(),
)
COUNTS = selecting(
    lambda channel_id, kind, count: (channel_id, kind, count),
    select(_engagement.channel_id, _engagement.kind, func.count())
    .where(_mine(_engagement.channel_id))
    .group_by(_engagement.channel_id, _engagement.kind),
)
INTO_REMOVED = Insertion(RemovedChannel)


def _gathered() -> Any:
    """The ids of everything that is found by ids of its own, each with the name of its set."""
    each = each_of(param(holdings.CHANNELS, Id()))
    found = holdings.sets(select(each.c.id).cte("own"))
    named = [select(constant(name).label("name"), ids.c.id) for name, ids in found.items()]
    return union_all(*named, select(constant(holdings.POINTLESS), _pointless(found[holdings.NEVER_LINKS])))


def _pointless(never_links: Any) -> Any:
    """The never-links that would keep nobody apart any more: one side is the channels that go, and nobody else."""

    def others(side: int) -> Any:
        named = entity(NeverLinkChannel)
        there = named.never_link_id == outer(never_links.c.id), named.side == side
        return select(named.channel_id).where(*there, not_(_mine(named.channel_id))).exists()

    return select(never_links.c.id).where(or_(not_(others(0)), not_(others(1)))).subquery().c.id


def _bearing() -> Any:
    """The merges that name the profile of a channel that goes."""
    by_name, each = entity(Merge), each_of(param(holdings.CHANNELS, Id()))
    came, home = entity(MergeChannel), entity(Channel)
    homes = in_order(each, home, home.id == each.c.id)
    survived = select(by_name.id).select_from(in_order(homes, by_name, by_name.survivor_id == home.home_id))
    absorbed = select(came.merge_id).select_from(in_order(each, came, came.channel_id == each.c.id))
    return survived.union(absorbed)


def _keeping_records() -> Any:
    kept = [c.key for c in table(RemovedRecord).c if c.key != "account_id"]
    rows = select(ACCOUNT, *(getattr(_record, name) for name in kept)).where(_mine(_record.channel_id))
    return insert(table(RemovedRecord)).from_select(["account_id", *kept], rows)


def _keeping_merges() -> Any:
    merge = entity(Merge)
    rows = select(ACCOUNT, merge.id, param("now", Time())).where(one_of(merge.id, holdings.MERGES))
    kept = insert(table(RemovedMerge)).from_select(["account_id", "id", "at"], rows)
    return kept.on_conflict_do_nothing()  # who was on the other side may be removed at the same time


def _forgetting_files() -> Any:
    """Forgets the files of rehearsed imports: anybody may be in them."""
    of, chunk = entity(Import), table(ImportChunk)
    rehearsed = select(of.id).where(of.dry_run, of.status == constant(ImportStatus.SUCCEEDED))
    return delete(chunk).where(chunk.c.import_id.in_(rehearsed))


def _renaming() -> Any:
    """Names merges of others by the ends of their link, where they were named by a channel that goes."""
    homes = {"survivor_id": _home_of_end(came=False), "absorbed_id": _home_of_end(came=True)}
    new = {side: case((one_of(_merge.c[side], "home_ids"), home), else_=_merge.c[side]) for side, home in homes.items()}
    return update(_merge).where(one_of(_merge.c.id, "bearing_ids")).values(new)


def _home_of_end(*, came: bool) -> Any:
    """The home of the end of a merge's link that came with the absorbed profile, or of the other."""
    link, end, brought = entity(Link), entity(Channel), entity(MergeChannel)
    there = brought.merge_id == outer(_merge.c.id), brought.channel_id == outer(end.id)
    with_it = select(brought.channel_id).where(*there).exists()
    ends = or_(end.id == link.first_channel_id, end.id == link.second_channel_id)
    return (
        select(end.home_id)
        .select_from(in_order(link, end, ends))
        .where(link.id == outer(_merge.c.link_id), with_it if came else ~with_it)
        .scalar_subquery()
    )


def _removing(of: type[SQLModel], column: str, name: str) -> Statement[Any]:
    """Removes the rows of a table that have one of a set in a column."""
    into = table(of)
    if name in (holdings.NAMES, holdings.ADDRESSES):
        text = into.c[column] if isinstance(into.c[column].type, Json) else func.lower(into.c[column])
        return changing(delete(into).where(holds_one_of(text, name)))
    if name == holdings.PLACES:
        return changing(delete(into).where(one_of_texts(into.c[column], name)))
    return changing(delete(into).where(one_of(into.c[column], name)))


GATHERED = selecting(lambda name, id: (name, id), _gathered())
BEARING = selecting(lambda id: id, _bearing())
KEEP = [changing(_keeping_records()), changing(_keeping_merges())]
RENAME = changing(_renaming())
FORGET_FILES = changing(_forgetting_files())
REMOVE = [_removing(holding.of, *by) for holding in HOLDINGS for by in holding.goes.items()]


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
    """Erases the person whom the id resolves to; every address is suppressed from now on. Raises ProfileNotFound.

    The files of imports that were rehearsed and not run are forgotten, for the person may be in them.
    """
    profile_id, leaving = await _locked(writer, home_id)
    for each in leaving:
        digest = channels.digest(Address(each.kind, each.address), act)
        channels.suppress(writer, digest=digest, reason=SuppressionReason.ERASED, since=act.at)
    writer.later(FORGET_FILES)
    return await _remove(writer, "profile_erased", Removed(profile_id, len(leaving)), leaving, act)


async def _locked(writer: Writer, home_id: UUID | None) -> tuple[UUID, list[Leaving]]:
    """The profile that the id resolves to, and its channels, locked. Raises ProfileNotFound."""
    members = await profiles.locked_at(writer, home_id=home_id, field="profileId")
    leaving = await writer.fetch(LOCKED, **{holdings.CHANNELS: [member.id for member in members]})
    return members[0].profile_id, leaving


async def _remove(writer: Writer, name: str, removed: Removed, leaving: Sequence[Leaving], act: Act) -> Removed:
    """Keeps what says nothing of the person, removes all else, and publishes the fact."""
    found = await _gather(writer, leaving)
    values = {**found, **_names(found, leaving), "now": act.at}
    await _rename(writer, found)
    await _keep_channels(writer, leaving, act)
    for statement in (*KEEP, *REMOVE):
        writer.later(statement, **values)
    await writer.settle()  # before the answer to this very call is kept, for it names the profile too
    fact = {
        "profile": spelled("Profile", removed.profile_id),
        "channels": [spelled("Channel", each.id) for each in leaving],
        "suppressed": removed.suppressed,
    }
    events.publish(writer, name=name, data=fact, channel_ids=[], act=act)
    return removed


async def _gather(writer: Writer, leaving: Sequence[Leaving]) -> dict[str, list[UUID]]:
    """The sets of ids by which all that is to go is found."""
    found: dict[str, list[UUID]] = {name: [] for name in (*holdings.SETS, holdings.POINTLESS)}
    for name, id in await writer.fetch(GATHERED, **{holdings.CHANNELS: [each.id for each in leaving]}):
        found[name].append(id)
    return {**found, "home_ids": [each.home_id for each in leaving]}


def _names(found: dict[str, list[UUID]], leaving: Sequence[Leaving]) -> dict[str, list[str]]:
    """How kept answers, and the keys under which they are, spell who goes.

    An answer with the id of a link or a merge names a profile or an address beside it.
    """
    ids = [id for name in (holdings.CHANNELS, "home_ids", holdings.PROPOSALS) for id in found[name]]
    quoted = [json.dumps(each.address, ensure_ascii=False)[1:-1] for each in leaving]
    names = [*map(str, ids), *quoted]
    places = [each.address for each in leaving]
    digits = [place.removeprefix("+") for place in places]
    return {holdings.NAMES: names, holdings.ADDRESSES: digits, holdings.PLACES: places}


async def _rename(writer: Writer, found: dict[str, list[UUID]]) -> None:
    """Lets the merges of others that bear a name that goes be told by their own channels."""
    bearing = await writer.fetch(BEARING, **{holdings.CHANNELS: found[holdings.CHANNELS]})
    ids = set(bearing) - set(found[holdings.MERGES])
    if ids:
        writer.later(RENAME, bearing_ids=ids, home_ids=found["home_ids"])


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
            forgotten_at=None,
        )
