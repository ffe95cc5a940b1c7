"""The proof that the maintained counts are what the timelines say."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.db import Difference, Reader, entity, selecting
from app.tables import Engagement, EngagementCount


def _id(id: UUID, *_: Any) -> UUID:
    return id


_count, _engagement = entity(EngagementCount), entity(Engagement)
_KEPT = select(_count.channel_id, _count.kind, _count.count, _count.first_at, _count.last_at)
_KEY: tuple[Any, ...] = (_engagement.channel_id, _engagement.kind)
_RECOUNTED = select(*_KEY, func.count(), func.min(_engagement.occurred_at), func.max(_engagement.occurred_at)).group_by(
    *_KEY
)
NOT_COUNTED = selecting(_id, _RECOUNTED.except_(_KEPT))
MISCOUNTED = selecting(_id, _KEPT.except_(_RECOUNTED))


async def differences(reader: Reader) -> list[Difference]:
    """Counts every timeline of the account anew, and compares; empty where all is right."""
    wrong = {*await reader.fetch(NOT_COUNTED), *await reader.fetch(MISCOUNTED)}
    return [Difference("channel whose engagements are miscounted", id) for id in sorted(wrong)]
