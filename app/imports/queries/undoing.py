"""What taking back a batch of an import has to know, and what it removes."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, and_, delete, exists, or_, select, update
from sqlmodel import SQLModel

from app.channels.rules import Address
from app.db import Statement, changing, entity, param, selecting, table
from app.db.expressions import constant, each_of, in_order, one_of, outer
from app.db.types import Id, Time
from app.identity.rules.picture import Held
from app.kinds import ChannelKind
from app.tables import (
    Channel,
    ChannelTag,
    ChannelTopic,
    ChannelWord,
    ClaimYield,
    Confirmation,
    ConsentRecord,
    Deliverability,
    EmailCapture,
    Engagement,
    EngagementCount,
    FactChannel,
    FieldPatch,
    Import,
    ImportBatch,
    IntakeMethod,
    LedgerAct,
    Link,
    LinkProposal,
    LinkTrust,
    Merge,
    MergeChannel,
    Message,
    NeverLinkChannel,
    Profile,
    Resolution,
)


class Yielded(NamedTuple):
    """A claim that yielded to a link."""

    link_id: UUID
    claim: Held


class Patch(NamedTuple):
    """Field values that are still there, and the channel by which they came."""

    channel_id: UUID
    fields: dict[str, Any]


class Born(NamedTuple):
    """A channel that an import brought and on which nothing else has happened."""

    id: UUID
    home_id: UUID
    place: Address


def _id(id: UUID) -> UUID:
    return id


def _yielded(link_id: UUID, id: UUID, first_id: UUID, second_id: UUID, trust: str) -> Yielded:
    return Yielded(link_id, Held(id, first_id, second_id, LinkTrust(trust)))


def _born(id: UUID, home_id: UUID, kind: str, address: str) -> Born:
    return Born(id, home_id, Address(ChannelKind(kind), address))


_yield, _claim, _patch, _record = entity(ClaimYield), entity(Link), entity(FieldPatch), entity(ConsentRecord)
YIELDED = selecting(
    _yielded,
    select(_yield.link_id, _claim.id, _claim.first_channel_id, _claim.second_channel_id, _claim.trust)
    .select_from(in_order(_yield, _claim, _claim.id == _yield.claim_id))
    .where(one_of(_yield.link_id, "ids"), _claim.retracted_at.is_not(None))
    .order_by(_claim.at, _claim.id),
)
#: The channels of field values, and of opt-ins that are in force, by their ids.
PATCHED = selecting(_id, select(_patch.channel_id).where(one_of(_patch.id, "ids")))
RECORDED = selecting(
    lambda id, channel_id: (id, channel_id),
    select(_record.id, _record.channel_id).where(one_of(_record.id, "ids"), _record.retracted_at.is_(None)),
)
_each = each_of(param("channel_ids", Id()))
PATCHES = selecting(
    Patch,
    select(_patch.channel_id, _patch.fields).select_from(in_order(_each, _patch, _patch.channel_id == _each.c.id)),
)


def _untouched() -> Any:
    """The channels of `channel_ids` of which nothing is known but what the import brought: `record_ids` are opt-ins.

    They were born by it, being of `born_ids`, or by another import that was taken back before.
    """
    channel, other = entity(Channel), entity(Import)
    undone = exists(
        select(other.id).where(
            outer(channel.method) == constant(IntakeMethod.IMPORT),
            other.file_name == outer(channel.detail),
            other.undone_at.is_not(None),
            other.started_at <= outer(channel.created_at),
            other.finished_at >= outer(channel.created_at),
        )
    )
    as_born = and_(
        channel.deliverability == constant(Deliverability.ACTIVE),
        *(
            column.is_(None)
            for column in (channel.released_at, channel.primary_since, channel.restricted_at, channel.verified_at)
        ),
        ~channel.gdpr_applies,
    )
    columns = channel.id, channel.home_id, channel.kind, channel.address
    found = select(*columns).select_from(in_order(_each, channel, channel.id == _each.c.id))
    by_import = or_(one_of(channel.id, "born_ids"), undone)
    return found.where(as_born, by_import, *(~there for there in _happened(channel))).order_by(channel.id)


def _happened(channel: Any) -> Sequence[Any]:
    """Whether something else hangs on a channel, table by table."""
    record = entity(ConsentRecord)
    said = (
        record.channel_id == outer(channel.id),
        record.retracted_at.is_(None),
        record.act != constant(LedgerAct.RETRACT),
        ~one_of(record.id, "record_ids"),
    )
    tables: Sequence[type[SQLModel]] = (
        Engagement,
        Message,
        FieldPatch,
        ChannelTag,
        NeverLinkChannel,
        MergeChannel,
        Confirmation,
        EmailCapture,
    )
    return [exists(select(record.id).where(*said)), *map(_on(channel), tables), *_at_either_end(channel)]


def _on(channel: Any) -> Any:
    def there(of: type[SQLModel]) -> Any:
        row = entity(of)
        return exists(select(row.channel_id).where(row.channel_id == outer(channel.id)))

    return there


def _at_either_end(channel: Any) -> Sequence[Any]:
    rows = [(entity(of), end) for of in (Link, LinkProposal) for end in ("first_channel_id", "second_channel_id")]
    return [exists(select(row.id).where(getattr(row, end) == outer(channel.id))) for row, end in rows]


UNTOUCHED = selecting(_born, _untouched())


def _deleting(of: type[SQLModel], column: str, ids: str = "ids") -> Statement[Any]:
    into = table(of)
    return changing(delete(into).where(one_of(into.c[column], ids)))


_merge, _tag, _proposal, _channel, _batch = (
    table(of) for of in (Merge, ChannelTag, LinkProposal, Channel, ImportBatch)
)
_merges = select(_merge.c.id).where(one_of(_merge.c.link_id, "ids"))
_came = table(MergeChannel)
#: What links made, and they themselves.
DELETE_LINKS = (
    _deleting(ClaimYield, "link_id"),
    changing(delete(_came).where(_came.c.merge_id.in_(_merges))),
    _deleting(Merge, "link_id"),
    _deleting(Link, "id"),
)
DELETE_PATCHES = _deleting(FieldPatch, "id")
DELETE_TAGS = changing(
    delete(_tag).where(
        one_of(_tag.c.channel_id, "ids"),
        _tag.c.method == constant(IntakeMethod.IMPORT),
        _tag.c.at >= param("since", Time()),
        _tag.c.at <= param("until", Time()),
    )
)
DELETE_PROPOSALS = changing(
    delete(_proposal).where(one_of(_proposal.c.id, "ids"), _proposal.c.resolution == constant(Resolution.OPEN))
)
DELETE_WORDS = _deleting(ChannelWord, "channel_id")
#: A channel with all that it brought; `home_ids` are their profiles.
DELETE_CHANNELS = (
    *(_deleting(of, "channel_id") for of in (FactChannel, ChannelWord, ChannelTopic, ConsentRecord, EngagementCount)),
    _deleting(Channel, "id"),
    _deleting(Profile, "id", "home_ids"),
)
#: Takes the time of change back where nothing has changed since.
UNTOUCH = changing(
    update(_channel)
    .where(_channel.c.id == param("channel_id", Id()), _channel.c.updated_at == param("then", Time()))
    .values(updated_at=param("before", Time()))
)
DELETE_BATCH = changing(
    delete(_batch).where(
        _batch.c.import_id == param("this_import", Id()), _batch.c.number == param("this_number", Integer())
    )
)
