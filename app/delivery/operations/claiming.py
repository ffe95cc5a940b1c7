"""The claim: which of the messages that are due are sent now, by the one send gate."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import case, cast, null, or_, select, union_all, update

from app.accounts.rules import QuietHours
from app.consent.queries import gate
from app.consent.queries.gate import Reason
from app.db import Writer, changing, entity, param, table
from app.db.expressions import constant, empty_json, in_order, list_of, one_of, outer
from app.db.types import Time
from app.delivery import queries
from app.delivery.queries import Claimed
from app.delivery.rules.sending import LEASE, MOST_TRIES
from app.tables import Channel, Message, MessageStatus


@dataclass(frozen=True, slots=True)
class Claims:
    """The messages to be sent, and how many became what: suppressed ones, and those that quiet hours hold, too."""

    messages: Sequence[Claimed] = field(default_factory=list)
    counts: Mapping[MessageStatus, int] = field(default_factory=dict)

    @property
    def decided(self) -> int:
        """How many messages it was decided about."""
        return sum(self.counts.values())


def _blocks() -> Any:
    """Each message with what stands against it now, a column for each reason, and until when it is quiet."""
    message, channel = entity(Message), entity(Channel)
    until = gate.quiet_until(channel)
    found = gate.conditions(channel, purpose=message.purpose, topic_id=message.topic_id, quiet_until=until)
    return (
        select(
            message.id,
            message.is_reply,
            message.attempts,
            until.label("quiet_until"),
            *(holds.label(reason.lower()) for reason, holds in found.items()),
        )
        .select_from(in_order(message, channel, channel.id == message.channel_id))
        .where(one_of(message.id, "message_ids"), one_of(channel.id, "channel_ids"))
        .subquery()
    )


def _decisions() -> Any:
    """What becomes of each message: what quiet hours alone hold waits, what anything else blocks is suppressed.

    A message whose tries are spent without a word of how they ended has brought its workers down: it fails.
    """
    each = _blocks()
    blocking = [reason for reason in Reason if reason is not Reason.QUIET_HOURS]
    reasons = union_all(
        *(
            select(constant(place).label("place"), constant(reason).label("reason")).where(
                outer(each.c[reason.lower()])
            )
            for place, reason in enumerate(blocking)
        )
    ).subquery()
    ordered = select(reasons.c.reason).order_by(reasons.c.place).subquery()
    status = case(
        (each.c.attempts >= constant(MOST_TRIES), constant(MessageStatus.FAILED)),
        (each.c.is_reply, constant(MessageStatus.CLAIMED)),
        (or_(*(each.c[reason.lower()] for reason in blocking)), constant(MessageStatus.SUPPRESSED)),
        (each.c.quiet_hours, constant(MessageStatus.QUEUED)),
        else_=constant(MessageStatus.CLAIMED),
    )
    return select(
        each.c.id,
        status.label("status"),
        each.c.quiet_until,
        select(list_of(ordered.c.reason)).scalar_subquery().label("reasons"),
    ).subquery()


def _decide() -> Any:
    message, decided = table(Message), _decisions()

    def becomes(status: MessageStatus) -> Any:
        return decided.c.status == constant(status)

    held, claimed = becomes(MessageStatus.QUEUED), becomes(MessageStatus.CLAIMED)
    return (
        update(message)
        .where(message.c.id == decided.c.id)
        .values(
            status=decided.c.status,
            reasons=case((becomes(MessageStatus.SUPPRESSED), decided.c.reasons), else_=empty_json("[]")),
            due_at=case((held, cast(decided.c.quiet_until, Time())), else_=message.c.due_at),
            leased_until=case((claimed, param("leased_until", Time())), else_=null()),
            attempts=case((claimed, message.c.attempts + constant(1)), else_=message.c.attempts),
        )
        .returning(message.c.id, message.c.status)
    )


DECIDE = changing(_decide())


async def claim(writer: Writer, *, limit: int, now: datetime, quiet_hours: QuietHours) -> Claims:
    """Claims up to `limit` messages of the account that are due, for 60 seconds; blocked ones end here.

    First the messages are locked, then the channels and profiles that the gate reads, and only then it judges, in a
    statement of its own, that is, by what holds then: who records an opt-out waits for the claim's commit, or the claim
    sees the opt-out. Messages whose channel somebody is changing are left for the next time.
    """
    due = await writer.fetch(queries.LOCKED_DUE, now=now, most=limit)
    if not due:
        return Claims()
    channel_ids = await writer.fetch(queries.LOCKED_CHANNELS, channel_ids={channel_id for _, channel_id in due})
    quiet = gate.quiet_values(now, quiet_hours)
    decided = await writer.fetch(
        DECIDE, message_ids=[id for id, _ in due], channel_ids=channel_ids, leased_until=now + LEASE, **quiet
    )
    ids = [id for id, status in decided if status == MessageStatus.CLAIMED]
    messages = await writer.fetch(queries.CLAIMED, ids=ids) if ids else []
    return Claims(messages, Counter(MessageStatus(status) for _, status in decided))
