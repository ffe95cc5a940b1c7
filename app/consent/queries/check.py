"""The proof that what channels say of their ledgers is what these say, and that these are as they were written."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import and_, exists, or_, select

from app.consent.queries import fold, ledger
from app.consent.rules import sealing
from app.db import Difference, Reader, entity, selecting
from app.db.expressions import constant, in_order, outer
from app.tables import Channel, ChannelTopic, ConsentRecord, ConsentStatus


def _unlike(channel: Any, standing: Any) -> Any:
    """Whether a channel says other than its ledger."""
    kept = {"consent_at": "since", "consent_record_id": "record_id", "consent_head": "head"}
    return or_(
        channel.consent_status.is_distinct_from(standing.c.status),
        channel.consent_count.is_distinct_from(standing.c.length),
        *(getattr(channel, mine).is_distinct_from(standing.c[its]) for mine, its in kept.items()),
    )


def _channels_unlike() -> Any:
    """The channels that say other than their ledgers, and those without one that say anything.

    Each ledger looks for its channel, not the reverse: SQLite would look through all ledgers for every channel.
    """
    channel, alone, record = entity(Channel), entity(Channel), entity(ConsentRecord)
    standing = fold.standing(select(*fold.columns(record), record.digest)).subquery()
    told = in_order(standing, channel, channel.id == standing.c.channel_id)
    unlike = select(channel.id).select_from(told).where(_unlike(channel, standing))
    entry = entity(ConsentRecord)
    nothing = and_(
        alone.consent_count == constant(0),
        alone.consent_status == constant(ConsentStatus.NOT_COLLECTED),
        alone.consent_record_id.is_(None),
    )
    has_ledger = exists(select(entry.id).where(entry.channel_id == outer(alone.id)))
    return unlike.union_all(select(alone.id).where(~nothing, ~has_ledger))


def _topics_unlike() -> Any:
    said, record = entity(ChannelTopic), entity(ConsentRecord)
    held = fold.folded(select(*fold.columns(record)).where(record.topic_id.is_not(None))).subquery()
    stored = select(said.channel_id, said.topic_id, said.status, said.at, said.record_id)
    told = select(held.c.channel_id, held.c.topic_id, held.c.status, held.c.since, held.c.record_id)
    return stored.except_(told), told.except_(stored)


def _first(id: UUID, *_: Any) -> UUID:
    return id


_channel = entity(Channel)
_seen = SimpleNamespace(
    **{name: outer(getattr(_channel, name)) for name in ("id", "consent_count", "consent_head")}
)  # as statements within its own see it
UNLIKE = selecting(_first, _channels_unlike())
TOPICS_UNLIKE = [selecting(_first, statement) for statement in _topics_unlike()]
WHOLE = selecting(
    lambda id, count, head, rows: (id, count, head, rows),
    select(_channel.id, *ledger.whole(_seen)).where(_channel.consent_count > 0).order_by(_channel.id),
)


async def differences(reader: Reader, *, secret: bytes) -> list[Difference]:
    """Folds every ledger of the account anew and compares, and proves its chain of digests. Reads them all."""
    found = [Difference("channel unlike its ledger", id) for id in sorted(await reader.fetch(UNLIKE))]
    topics = {id for statement in TOPICS_UNLIKE for id in await reader.fetch(statement)}
    found += [Difference("preference unlike its ledger", id) for id in sorted(topics)]
    for id, count, head, rows in await reader.fetch(WHOLE):
        if not sealing.intact(secret, count, head, rows or []):
            found.append(Difference("ledger that is not as it was written", id))
    return found
