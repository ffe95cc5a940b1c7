"""Acting once under a key: its row is written with the effect, and says what to answer ever after."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, NamedTuple, TypeVar
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import String, delete, select

from app.db import Database, Insertion, Statement, Writer, changing, first, param, selecting, table
from app.db.types import Time
from app.errors import ErrorCode, Refusal, Refusals, each_of
from app.idempotency.errors import KeyReused
from app.idempotency.rules import KEPT, Call
from app.tables import IdempotencyKey

T = TypeVar("T")
Work = Callable[[Writer], Awaitable[T]]
Outcome = dict[str, Any]


class Kept(NamedTuple):
    """What is kept of a call."""

    fingerprint: str
    outcome: Outcome
    at: datetime


_key = table(IdempotencyKey)
_MINE = (_key.c.key == param("this_key", String()), _key.c.field == param("this_field", String()))
BY_KEY = selecting(Kept, select(_key.c.fingerprint, _key.c.outcome, _key.c.at).where(*_MINE))
FORGET = changing(delete(_key).where(*_MINE))
FORGET_OLD: Statement[Any] = Statement(
    lambda *_: None, delete(_key).where(_key.c.at < param("before", Time())), everywhere=True
)
_adapters: dict[type[Any], TypeAdapter[Any]] = {}
INTO_KEYS = Insertion(IdempotencyKey, contested=True)


async def once(
    database: Database,
    account_id: int,
    *,
    call: Call | None,
    of: type[T],
    prepare: Callable[[], Work[T]],
    now: datetime,
) -> T:
    """Does the work in one transaction; under a key only the first time, and after that answers what it did then.

    `prepare` judges the input and gives the work, whose outcome (of the type `of`) is made of ids, codes and texts.
    Refusals are outcomes too. Raises KeyReused where the key was used for other content.
    """
    if call is None:
        return await database.write(account_id, prepare())
    try:
        work = prepare()
        outcome = await database.write(account_id, lambda writer: _act(writer, call, of, work, now))
    except (Refusal, Refusals) as refused:
        several = each_of(refused)
        outcome = await database.write(account_id, lambda writer: _refuse(writer, call, several, now))
    return answered(outcome, of)


async def _act(writer: Writer, call: Call, of: type[T], work: Work[T], now: datetime) -> Outcome:
    known = await _known(writer, call, now)
    if known is not None:
        return known.outcome
    done = await work(writer)
    return _keep(writer, call, {"done": adapter(of).dump_python(done, mode="json")}, now)


async def _refuse(writer: Writer, call: Call, refusals: tuple[Refusal, ...], now: datetime) -> Outcome:
    """Keeps the refusal, unless the same call was answered meanwhile: then that is the answer."""
    known = await _known(writer, call, now)
    if known is not None:
        return known.outcome
    return _keep(writer, call, {"refused": [written(refusal) for refusal in refusals]}, now)


async def _known(writer: Writer, call: Call, now: datetime) -> Kept | None:
    """What the key is kept for. Raises KeyReused where that is something else."""
    kept = first(await writer.fetch(BY_KEY, this_key=call.key, this_field=call.field))
    if kept is not None and kept.at < now - KEPT:
        await writer.execute(FORGET, this_key=call.key, this_field=call.field)
        return None
    if kept is not None and kept.fingerprint != call.fingerprint:
        raise KeyReused
    return kept


def _keep(writer: Writer, call: Call, outcome: Outcome, now: datetime) -> Outcome:
    row = {"key": call.key, "field": call.field, "fingerprint": call.fingerprint, "outcome": outcome, "at": now}
    writer.insert(INTO_KEYS, **row)
    return outcome


def answered(outcome: Outcome, of: type[T]) -> T:
    """The outcome as it was; raises the Refusals that it was."""
    if "refused" in outcome:
        raise Refusals([read(refusal) for refusal in outcome["refused"]])
    return adapter(of).validate_python(outcome["done"])


def written(refusal: Refusal) -> dict[str, Any]:
    """A refusal as it is kept."""
    ids = [id.hex for id in refusal.ids]
    return {"code": refusal.code, "message": refusal.message, "field": list(refusal.field), "ids": ids}


def read(kept: dict[str, Any]) -> Refusal:
    """A refusal that was kept."""
    refusal = Refusal(kept["message"], field=kept["field"], ids=[UUID(hex=id) for id in kept["ids"]])
    refusal.code = ErrorCode(kept["code"])
    return refusal


def adapter(of: type[T]) -> TypeAdapter[T]:
    """How outcomes of a type become JSON and back."""
    if of not in _adapters:
        _adapters[of] = TypeAdapter(of)
    return _adapters[of]
