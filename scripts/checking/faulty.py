"""A server with a fault planted in it: `python -m checking.faulty FAULT serve ...`."""

import random
import sys
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, update

from app import cli
from app.accounts.rules import Guards
from app.db import Database, Statement, Writer, changing, param, table
from app.db.expressions import one_of
from app.db.types import Id
from app.errors import Refusal, Refusals, each_of
from app.idempotency import operations as idempotency
from app.idempotency.rules import Call
from app.identity.operations import writing
from app.identity.queries import state
from app.identity.queries.state import At
from app.identity.rules.picture import Picture
from app.profiles import operations as profiles
from app.tables import Channel
from checking.faults import Fault


async def pictured_before_locking(
    writer: Writer, found: Sequence[At], guards: Guards, *, with_links: bool = False
) -> Picture:
    """Takes the picture first, locks then, and does not look again."""
    profile_ids = sorted({at.profile_id for at in found})
    picture = await state.picture(writer, profile_ids=profile_ids, guards=guards, with_links=with_links)
    if profile_ids:
        await profiles.lock(writer, profile_ids=profile_ids)
    return picture


async def lock_in_any_order(writer: Writer, *, profile_ids: Collection[UUID]) -> None:
    """Locks the profiles one by one."""
    for id in random.sample(list(profile_ids), len(profile_ids)):
        await writer.fetch(profiles.LOCK, ids=[id])


async def act_and_keep_the_key_then(
    database: Database, account_id: int, *, call: Call | None, of: type[Any], prepare: Callable[[], Any], now: datetime
) -> Any:
    """Looks for the key, acts, and keeps the key, each in a transaction of its own."""
    if call is None:
        return await database.write(account_id, prepare())
    known = await database.write(account_id, lambda writer: idempotency._known(writer, call, now))
    if known is not None:
        return idempotency.answered(known.outcome, of)
    try:
        done = await database.write(account_id, prepare())
        outcome = {"done": idempotency.adapter(of).dump_python(done, mode="json")}
    except (Refusal, Refusals) as refused:
        outcome = {"refused": [idempotency.written(each) for each in each_of(refused)]}

    async def keep(writer: Writer) -> None:
        idempotency._keep(writer, call, outcome, now)

    await database.write(account_id, keep)
    return idempotency.answered(outcome, of)


def moving_away() -> Statement[Any]:
    """Moves channels so that they are born anew, but for the one that gives its profile the id."""
    channel, to = table(Channel), param("new_profile_id", Id())
    home = case((channel.c.home_id == to, channel.c.home_id), else_=func.gen_random_uuid())
    return changing(update(channel).where(one_of(channel.c.id, "ids")).values(profile_id=to, home_id=home))


def plant(fault: Fault) -> None:
    """Breaks the code of this process."""
    match fault:
        case Fault.NO_RECHECK:
            writing.pictured = pictured_before_locking
        case Fault.UNSORTED_LOCKS:
            profiles.lock = lock_in_any_order
        case Fault.KEY_OUTSIDE:
            idempotency.once = act_and_keep_the_key_then
        case Fault.LOST_REDIRECT:
            writing.MOVE = moving_away()
        case Fault.NO_UNIQUE_CONSTRAINT:
            pass  # the database is broken, not the code


if __name__ == "__main__":
    plant(Fault(sys.argv.pop(1)))
    cli.main()
