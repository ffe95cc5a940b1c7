"""Recording how sending ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, case, null, update

from app.db import Writer, changing, param, table
from app.db.expressions import constant
from app.db.types import Id, Time
from app.delivery import queries
from app.delivery.queries import Claimed
from app.delivery.rules.sending import MOST_TRIES, next_try
from app.tables import Message, MessageStatus


@dataclass(frozen=True, slots=True)
class Outcome:
    """How sending ended: by what the provider knows the message, or None where it could not be sent."""

    message: Claimed
    provider_id: str | None


_message = table(Message)
#: Only who made a claim may say how it ended: a message that was claimed anew has another number of attempts.
_MINE = (
    _message.c.id == param("message_id", Id()),
    _message.c.status == MessageStatus.CLAIMED,
    _message.c.attempts == param("attempt", Integer()),
)
_spent = _message.c.attempts >= MOST_TRIES
SENT = changing(
    update(_message)
    .where(*_MINE)
    .values(
        status=constant(MessageStatus.SENT),
        sent_at=param("at", Time()),
        provider_id=param("known_as", String()),
        leased_until=null(),
    )
)
PUT_BACK = changing(
    update(_message)
    .where(*_MINE)
    .values(
        status=case((_spent, constant(MessageStatus.FAILED)), else_=constant(MessageStatus.QUEUED)),
        due_at=case((_spent, _message.c.due_at), else_=param("next_try", Time())),
        leased_until=null(),
    )
)


async def record(writer: Writer, *, outcomes: Sequence[Outcome], now: datetime) -> set[UUID]:
    """Records which messages were sent, and puts the others back: they fail for good after 8 tries.

    Gives back the ids of messages that are no longer stored, such as those of a person who was erased meanwhile.
    """
    sent: list[dict[str, Any]] = []
    failed: list[dict[str, Any]] = []
    for outcome in sorted(outcomes, key=lambda outcome: outcome.message.id):
        claim = {"message_id": outcome.message.id, "attempt": outcome.message.attempts}
        if outcome.provider_id is None:
            failed.append(claim | {"next_try": next_try(outcome.message.attempts, now=now)})
        else:
            sent.append(claim | {"at": now, "known_as": outcome.provider_id})
    if sent:
        await writer.execute_many(SENT, sent)
    if failed:
        await writer.execute_many(PUT_BACK, failed)
    ids = {outcome.message.id for outcome in outcomes}
    return ids - set(await writer.fetch(queries.STORED, ids=ids))
