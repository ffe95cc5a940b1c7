"""When people last did something: what orders profiles by it.

What the business does (sends, deliveries, bounces) says nothing of the person. An index has the times by channel and
kind; the profile, whose channels come and go, is looked up.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BindParameter, Select, func, literal, select, tuple_

from app.db import entity
from app.db.expressions import constant, in_order, outer, unindexed
from app.db.types import Time
from app.reading import Chained
from app.tables import DONE_TO_PERSON, Channel, EngagementCount, Profile

#: By whether the order descends. Not the very ends of the calendar, which asyncpg takes for infinities.
NEVER = {
    True: datetime(1, 1, 1, microsecond=1, tzinfo=UTC),
    False: datetime(9999, 12, 31, 23, 59, 59, 999998, tzinfo=UTC),
}


def never(*, descending: bool) -> BindParameter[Any]:
    """The time that stands for never: it comes last, in either direction."""
    return literal(NEVER[descending], Time())


def last_engaged(profile: Any, *, descending: bool) -> Any:
    """When the person last did something, or the time that stands for never."""
    return func.coalesce(_last(profile.id), never(descending=descending))


def by_engagement(*, descending: bool) -> Chained:
    """All profiles: those of the people who ever did something as the index has them, and the others after them."""
    profile, channel, act = entity(Profile), entity(Channel), entity(EngagementCount)
    found = in_order(in_order(act, channel, channel.id == act.channel_id), profile, profile.id == channel.profile_id)
    return Chained(
        whole=select(profile),
        keyed=select(profile).select_from(found).where(_by_person(act), _later_acts(act) == 0),
        key=act.last_at,
        rest=select(profile).where(_last(profile.id).is_(None)),
        last=never(descending=descending),
    )


def _by_person(act: Any) -> Any:
    """As the condition of the index has it, word by word."""
    return act.kind.not_in([constant(kind) for kind in DONE_TO_PERSON])


def _acts(profile_id: Any, column: Any) -> tuple[Select[Any], Any]:
    """What the person did, by channel and kind; `column` says what is selected of it. The second is a row of it."""
    channel, act = entity(Channel), entity(EngagementCount)
    joined = in_order(channel, act, act.channel_id == channel.id)
    found = select(column(act)).select_from(joined).where(channel.profile_id == profile_id, _by_person(act))
    return found, act


def _last(profile_id: Any) -> Any:
    found, _ = _acts(profile_id, lambda act: func.max(act.last_at))
    return found.scalar_subquery()


def _later_acts(act: Any) -> Any:
    """How many of the same person's acts come after this one; of those at one time, any order will do.

    A number, not an EXISTS, and of this act alone: PostgreSQL would join a whole account. Nor is SQLite to look for
    what came later in the index of the times, among everybody's acts.
    """
    channel = entity(Channel)
    profile_id = select(channel.profile_id).where(channel.id == outer(act.channel_id)).scalar_subquery()
    found, other = _acts(profile_id, lambda _: func.count())
    there, here = (tuple_(unindexed(row.last_at), row.channel_id, row.kind) for row in (other, act))
    return found.where(there > here).scalar_subquery()
