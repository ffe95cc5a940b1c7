"""Making those forget who carried messages to channels that were deleted or erased."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import case, null, select, update

from app.db import Database, Statement, Writer, changing, entity, param, selecting, table
from app.db.expressions import constant, in_order, one_of
from app.db.types import Time
from app.delivery.rules.sending import LONGEST_ON_THE_WAY, Provider
from app.log import log
from app.tables import Account, RemovedChannel

CHANNELS_AT_ONCE = 100


class Gone(NamedTuple):
    """A removed channel, its account's number, and the account's id in the API."""

    account_id: int
    account: UUID
    channel_id: UUID


_removed = table(RemovedChannel)


def _due() -> Any:
    removed, account = entity(RemovedChannel), entity(Account)
    found = in_order(removed, account, account.account_id == removed.account_id)
    due = removed.forget_at.is_not(None), removed.forget_at <= param("now", Time())
    columns = removed.account_id, account.id, removed.id
    return select(*columns).select_from(found).where(*due).order_by(removed.forget_at).limit(constant(CHANNELS_AT_ONCE))


DUE: Statement[Gone] = selecting(Gone, _due(), everywhere=True)
#: At first the provider forgets at once, and then once more: what was claimed before may have been on its way.
FORGOTTEN = changing(
    update(_removed)
    .where(one_of(_removed.c.id, "ids"))
    .values(forget_at=case((_removed.c.forget_at <= _removed.c.at, param("once_more_at", Time())), else_=null()))
)


async def forget_removed(database: Database, provider: Provider, *, now: datetime) -> bool:
    """Lets the provider forget channels that were removed; whether there may be more of them."""
    async with database.reading(0) as reader:
        due = await reader.fetch(DUE, now=now)
    forgotten = [gone for gone in due if await _forgotten(provider, gone)]
    for account_id, ids in _by_account(forgotten).items():
        await database.write(account_id, partial(_record, ids=ids, once_more_at=now + LONGEST_ON_THE_WAY))
    return len(forgotten) == CHANNELS_AT_ONCE


async def _forgotten(provider: Provider, gone: Gone) -> bool:
    """Whether the provider has forgotten the channel; what fails is logged, and tried again."""
    try:
        await provider.forget(gone.account, gone.channel_id)
    except Exception as error:
        log.warning("not forgotten", account=gone.account_id, fault=type(error).__name__)
        return False
    return True


async def _record(writer: Writer, *, ids: Collection[UUID], once_more_at: datetime) -> None:
    await writer.execute(FORGOTTEN, ids=ids, once_more_at=once_more_at)


def _by_account(forgotten: Sequence[Gone]) -> Mapping[int, list[UUID]]:
    sorted_ = sorted(forgotten, key=lambda gone: gone.account_id)
    return {id: [gone.channel_id for gone in each] for id, each in groupby(sorted_, lambda gone: gone.account_id)}
