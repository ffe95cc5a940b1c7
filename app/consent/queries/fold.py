"""The fold: what a ledger says, whatever the order in which its entries arrived.

Entries count in order of their own time; on a tie opting out wins. What was said last holds, but an opt-in beats an
opt-out only with its own explicit, later time; a STOP that a START followed counts as never said; a double opt-in that
was asked for never lowers an opt-in, and leaves an opt-out in force. An opt-in that was taken back counts as never said
too, and to take it back says nothing.
"""

from typing import Any

from sqlalchemy import Integer, and_, case, func, not_, or_, select

from app.db.expressions import constant
from app.tables import ConsentStatus, LedgerAct

WHAT, REST = ("channel_id", "topic_id", "id"), ("time_given", "occurred_at", "number")
OPTING_OUT = (LedgerAct.OPT_OUT, LedgerAct.STOP)
NONE = constant(0)


def columns(record: Any, *, known_at: Any = None) -> list[Any]:
    """What the fold needs of a record, by what is known now, or was known then: here alone one is taken back.

    One that was reads as a RETRACT, which says nothing.
    """
    retracted = record.retracted_at.is_not(None) if known_at is None else record.retracted_at <= known_at
    act = case((retracted, constant(LedgerAct.RETRACT)), else_=record.act)
    what, rest = ([getattr(record, name).label(name) for name in names] for names in (WHAT, REST))
    return [*what, act.label("act"), *rest]


def folded(entries: Any) -> Any:
    """For each channel and topic (none: the channel itself) of which something holds: what, since when, and the record.

    `entries` are a select of `columns`. The answer has the columns `channel_id`, `topic_id`, `status`,
    `since` and `record_id`.
    """
    steps = _steps(entries)
    last = steps[-1]
    held: tuple[Any, ...] = (
        last.c.channel_id,
        last.c.topic_id,
        _status(last).label("status"),
        last.c.occurred_at.label("since"),
        last.c.id.label("record_id"),
    )
    return select(*held).where(last.c.place == _deciding(last)).add_cte(*steps, nest_here=True)


def standing(entries: Any) -> Any:
    """How each ledger stands: one row for each channel, whether anything holds or not.

    `entries` are whole ledgers, with the column `digest` beside `columns`. The answer has the columns
    `channel_id`, `status`, `since`, `record_id`, and of the ledger its `length` and its `head`, the last digest. There
    is no join in it, for which PostgreSQL would have to know how many ledgers there are.
    """
    steps = _steps(entries)
    last = steps[-1]
    decides = and_(last.c.topic_id.is_(None), last.c.place == _deciding(last))
    mine: dict[str, Any] = {"partition_by": last.c.channel_id}
    ranked = select(
        last.c.channel_id,
        case((decides, _status(last)), else_=constant(ConsentStatus.NOT_COLLECTED)).label("status"),
        case((decides, last.c.occurred_at)).label("since"),
        case((decides, last.c.id)).label("record_id"),
        func.max(last.c.number).over(**mine).label("length"),
        func.first_value(last.c.digest).over(**mine, order_by=last.c.number.desc()).label("head"),
        func.row_number().over(**mine, order_by=case((decides, NONE), else_=constant(1))).label("rank"),
    ).cte("ranked")
    ranked = ranked.prefix_with("MATERIALIZED")  # else PostgreSQL may fold all ledgers anew for every channel
    columns = [ranked.c[name] for name in ("channel_id", "status", "since", "record_id", "length", "head")]
    return select(*columns).where(ranked.c.rank == constant(1)).add_cte(*steps, ranked, nest_here=True)


def _steps(entries: Any) -> list[Any]:
    """The steps of the fold, each beside the next: SQLite's parser takes only so many statements within each other."""
    steps = [entries.cte("entries")]
    for name, step in (("placed", _placed), ("runs", _runs), ("answered", _answered), ("last", _last)):
        steps.append(step(steps[-1]).cte(name))
    return steps


def _out_holds(last: Any) -> Any:
    return last.c.out > func.coalesce(last.c.timed, NONE)


def _deciding(last: Any) -> Any:
    """The place of the entry that decides; NULL where nothing holds."""
    return case((_out_holds(last), last.c.out), else_=func.coalesce(last.c.opted_in, last.c.asked))


def _status(last: Any) -> Any:
    return case(
        (_out_holds(last), constant(ConsentStatus.OPTED_OUT)),
        (last.c.opted_in.is_not(None), constant(ConsentStatus.OPTED_IN)),
        else_=constant(ConsentStatus.PENDING),
    )


def _is(entry: Any, *acts: LedgerAct) -> Any:
    return or_(*(entry.c.act == constant(act) for act in acts))


def _flag(condition: Any) -> Any:
    return case((condition, constant(1)), else_=NONE)


def _placed(given: Any) -> Any:
    """The entries with their places in the order of the fold, and whether they answer what was said before."""
    order = [given.c.occurred_at, _flag(_is(given, *OPTING_OUT)), given.c.number]
    place = func.row_number().over(partition_by=[given.c.channel_id, given.c.topic_id], order_by=order)
    timed = and_(_is(given, LedgerAct.OPT_IN), given.c.time_given)
    answers = _flag(or_(_is(given, LedgerAct.OPT_OUT, LedgerAct.START), timed))
    return select(given, place.label("place"), answers.label("answers"))


def _runs(placed: Any) -> Any:
    """Each entry with the number of its run: what lies between one answer and the next, that one among it."""
    through = func.sum(placed.c.answers).over(
        partition_by=[placed.c.channel_id, placed.c.topic_id], order_by=placed.c.place
    )
    return select(placed, (through - placed.c.answers).label("run"))


def _answered(runs: Any) -> Any:
    """Each entry, and whether its run ends with a START, which undoes the STOPs in it."""
    started = func.max(_flag(_is(runs, LedgerAct.START)))
    return select(runs, started.over(partition_by=[runs.c.channel_id, runs.c.topic_id, runs.c.run]).label("started"))


def _last(answered: Any) -> Any:
    """Each entry with the places of the last opt-out, the last opt-in, the last one with a time, and the last ask."""
    undone = and_(_is(answered, LedgerAct.STOP), answered.c.started == constant(1))
    opt_in = _is(answered, LedgerAct.OPT_IN)

    def place_of(condition: Any, name: str) -> Any:
        last = func.max(case((condition, answered.c.place)), type_=Integer)
        return last.over(partition_by=[answered.c.channel_id, answered.c.topic_id]).label(name)

    return select(
        answered,
        place_of(and_(_is(answered, *OPTING_OUT), not_(undone)), "out"),
        place_of(and_(opt_in, answered.c.time_given), "timed"),
        place_of(opt_in, "opted_in"),
        place_of(_is(answered, LedgerAct.ASK), "asked"),
    )
