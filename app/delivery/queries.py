"""Which messages are due, and what a provider needs to know of them."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, and_, func, or_, select

from app.db import entity, param, selecting, table
from app.db.expressions import constant, in_order, one_of
from app.db.types import Time
from app.kinds import ChannelKind
from app.tables import Account, Channel, Message, MessagePurpose, MessageStatus, Profile


class Claimed(NamedTuple):
    """A claimed message. `attempts` counts this one in: with the id it names the claim, for no two have the same."""

    id: UUID
    account: UUID
    account_name: str
    channel_id: UUID
    kind: ChannelKind
    address: str
    subject: str | None
    body: str
    purpose: MessagePurpose
    topic_id: UUID | None
    attempts: int
    leased_until: datetime


def waiting(message: Any) -> Any:
    """Whether a message is to be sent some time, as the index of such messages says it."""
    return message.status.in_([constant(MessageStatus.QUEUED), constant(MessageStatus.CLAIMED)])


def due(message: Any) -> Any:
    """Whether a message is due at `now`: queued, or claimed by somebody whose lease ended."""
    now = param("now", Time())
    left = or_(message.status == constant(MessageStatus.QUEUED), message.leased_until <= now)
    return and_(waiting(message), message.due_at <= now, left)


def _accounts() -> Any:
    """The accounts that have something due.

    The index is read once for each account in which anything waits, however much that is.
    """
    one, other, any_ = entity(Message), entity(Message), entity(Message)
    accounts = select(func.min(one.account_id).label("account_id")).where(waiting(one)).cte("accounts", recursive=True)
    later = select(func.min(other.account_id)).where(waiting(other), other.account_id > accounts.c.account_id)
    accounts = accounts.union_all(select(later.scalar_subquery()).where(accounts.c.account_id.is_not(None)))
    first = select(any_.id).where(any_.account_id == accounts.c.account_id, due(any_)).order_by(any_.due_at)
    found = first.limit(constant(1)).scalar_subquery()  # as EXISTS, PostgreSQL would gather everything that is due
    return select(accounts.c.account_id).where(found.is_not(None))


DUE_ACCOUNTS = selecting(lambda account_id: account_id, _accounts(), everywhere=True)

_message, _channel, _profile = table(Message).c, table(Channel).c, table(Profile).c
LOCKED_DUE = selecting(
    lambda id, channel_id: (id, channel_id),
    select(_message.id, _message.channel_id)
    .where(due(_message))
    .order_by(_message.due_at, _message.id)
    .limit(param("most", Integer()))
    .with_for_update(skip_locked=True),
)
#: All that the send gate reads stays as it is from here to the end of the transaction. What somebody is changing is
#: left out: who never waits has no part in a deadlock, whatever the order of the others.
LOCKED_CHANNELS = selecting(
    lambda id: id,
    select(_channel.id)
    .join(Profile, _profile.id == _channel.profile_id)
    .where(one_of(_channel.id, "channel_ids"))
    .order_by(_channel.id)
    .with_for_update(read=True, skip_locked=True),
)


def _claimed() -> Any:
    message, channel, account = entity(Message), entity(Channel), entity(Account)
    columns: list[Any] = [
        message.id,
        account.id,
        account.name,
        channel.id,
        channel.kind,
        channel.address,
        *(getattr(message, name) for name in ("subject", "body", "purpose", "topic_id", "attempts", "leased_until")),
    ]
    found = in_order(in_order(message, channel, channel.id == message.channel_id), account)
    return select(*columns).select_from(found).where(one_of(message.id, "ids")).order_by(message.due_at, message.id)


def _read(*columns: Any) -> Claimed:
    claimed = Claimed(*columns)
    return claimed._replace(kind=ChannelKind(claimed.kind), purpose=MessagePurpose(claimed.purpose))


CLAIMED = selecting(_read, _claimed())
STORED = selecting(lambda id: id, select(_message.id).where(one_of(_message.id, "ids")))
