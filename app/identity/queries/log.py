"""The audit log: what was done to a profile's channels, by whom and when."""

from typing import Any

from sqlalchemy import Select, exists, select

from app.db import entity
from app.db.expressions import outer
from app.reading import IN_TIMELINES, Merged, Order
from app.tables import Channel, Fact, FactChannel

#: The symbols that SQLite's parser holds of it beyond the usual; see `app.reading.scopes`.
ROOM = IN_TIMELINES + 11


def of_profile(profile: Any) -> Merged:
    """The facts about any of the profile's channels, each once: by the first of its channels there."""
    channel = entity(Channel)
    return Merged(select(channel).where(channel.profile_id == profile.id), _first_about)


def _first_about(channel: Any) -> Select[Any]:
    """The facts about a channel, but for those about another channel of its profile that comes before it there."""
    fact, same, beside = entity(FactChannel), entity(FactChannel), entity(Channel)
    by_another = (
        select(same.id)
        .join(beside, beside.id == same.channel_id)
        .where(same.id == fact.id, same.channel_id < fact.channel_id, beside.profile_id == outer(channel.profile_id))
    )
    return select(fact).where(fact.channel_id == channel.id, ~exists(by_another))


def newest_first(fact: Any, **_: Any) -> Order:
    """The order of the audit log."""
    return Order(fact.at, descending=True)


def told(column: str) -> Any:
    """A column of the fact behind an entry."""

    def found(entry: Any) -> Any:
        fact = entity(Fact)
        return select(getattr(fact, column)).where(fact.id == entry.id).scalar_subquery()

    return found
