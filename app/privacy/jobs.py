"""Having providers forget who was deleted or erased."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Integer, select, update

from app.db import Database, Writer, changing, entity, param, selecting, table
from app.db.expressions import one_of
from app.db.types import Time
from app.delivery.rules.sending import LEASE, Provider
from app.tables import Account, RemovedChannel

CHANNELS_A_TURN = 1000


class Kept(NamedTuple):
    """A channel that was removed, of which the provider may still keep something."""

    account_id: int
    account: UUID
    id: UUID
    at: datetime


_removed, _account, _into = entity(RemovedChannel), entity(Account), table(RemovedChannel)
KEPT = selecting(
    Kept,
    select(_removed.account_id, _account.id, _removed.id, _removed.at)
    .join(_account, _account.account_id == _removed.account_id)
    .where(_removed.forgotten_at.is_(None))
    .order_by(_removed.at, _removed.id)
    .limit(param("most", Integer())),
    everywhere=True,
)
FORGOTTEN = changing(update(_into).where(one_of(_into.c.id, "ids")).values(forgotten_at=param("now", Time())))


async def forget(database: Database, provider: Provider, *, now: datetime) -> bool:
    """Has the provider forget all removed channels that it may keep something of; whether there are more.

    A message may have been on its way when its channel was removed: so the last time is when no claim of it can hold.
    """
    async with database.reading(0) as reader:
        kept = await reader.fetch(KEPT, most=CHANNELS_A_TURN)
    for each in kept:
        await provider.forget(each.account, each.id)
    settled = [each for each in kept if each.at <= now - LEASE]
    for account_id, ids in _by_account(settled):
        await database.write(account_id, partial(_forgotten, ids=ids, now=now))
    return len(settled) == CHANNELS_A_TURN


def _by_account(kept: Iterable[Kept]) -> list[tuple[int, list[UUID]]]:
    ordered = sorted(kept)
    return [(account_id, [each.id for each in mine]) for account_id, mine in groupby(ordered, lambda each: each[0])]


async def _forgotten(writer: Writer, *, ids: list[UUID], now: datetime) -> None:
    await writer.execute(FORGOTTEN, ids=ids, now=now)
