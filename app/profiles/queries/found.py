"""Finding profiles, and what is read of them. `profile` is a row of the statement that a query is used in."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, and_, func, select

from app.db import entity
from app.db.expressions import in_order, one_of
from app.kinds import ChannelKind
from app.profiles.queries.derived import field_values
from app.tables import Channel, ChannelWord, Profile

AFTER_ALL = "\U0010ffff"  # sorts after whatever a word goes on with


def by_words(count: int) -> Callable[..., Select[Any]]:
    """The profiles in which each of so many words begins a word of a name or an address; see `words_asked`."""

    def found(asked: Any, **_: Any) -> Select[Any]:
        profile = entity(Profile)
        return select(profile).where(*(profile.id.in_(_with_word(asked, number)) for number in range(count)))

    return found


def words_asked(words: list[str]) -> SimpleNamespace:
    """What `by_words` binds: each word, and the end of all that begins with it."""
    bounds = {f"from_{number}": word for number, word in enumerate(words)}
    return SimpleNamespace(**bounds, **{f"to_{number}": word + AFTER_ALL for number, word in enumerate(words)})


def _with_word(asked: Any, number: int) -> Select[Any]:
    """The profiles of the channels that a word finds: channel by channel, for a join may begin with a whole account."""
    word, channel = entity(ChannelWord), entity(Channel)
    begins = and_(word.word >= getattr(asked, f"from_{number}"), word.word < getattr(asked, f"to_{number}"))
    return select(select(channel.profile_id).where(channel.id == word.channel_id).scalar_subquery()).where(begins)


def at_home(asked: Any) -> Select[Any]:
    """The profile that the channel born with the id `asked.id` is in now: so every id ever returned resolves."""
    profile, channel = entity(Profile), entity(Channel)
    joined = in_order(channel, profile, profile.id == channel.profile_id)
    return select(profile).select_from(joined).where(channel.home_id == asked.id)


def at_homes(asked: Any) -> tuple[Select[Any], Any]:
    """The profiles for several such ids, and the id by which each was asked for."""
    profile, channel = entity(Profile), entity(Channel)
    found = select(profile).select_from(in_order(channel, profile, profile.id == channel.profile_id))
    return found.where(one_of(channel.home_id, asked.ids)), channel.home_id


def with_id(name: str) -> Callable[[Any], Select[Any]]:
    """The profile that the id under that name in a payload resolves to."""
    return lambda payload: at_home(SimpleNamespace(id=getattr(payload, name)))


def with_ids(name: str) -> Callable[[Any], Select[Any]]:
    """The profiles that the ids under that name in a payload resolve to, the oldest first."""

    def found(payload: Any) -> Select[Any]:
        profile, channel = entity(Profile), entity(Channel)
        joined = in_order(channel, profile, profile.id == channel.profile_id)
        there = one_of(channel.home_id, getattr(payload, name))
        return select(profile).select_from(joined).where(there).order_by(profile.created_at, profile.id)

    return found


def at_address(asked: Any) -> Select[Any]:
    """The profile that the channel with `asked.kind` and `asked.address` is in."""
    profile, channel = entity(Profile), entity(Channel)
    there = and_(channel.kind == asked.kind, channel.address == asked.address)
    return select(profile).select_from(in_order(channel, profile, profile.id == channel.profile_id)).where(there)


def channels(profile: Any, kind: ChannelKind | None = None) -> Select[Any]:
    """The profile's channels, the oldest first."""
    channel = entity(Channel)
    found = select(channel).where(channel.profile_id == profile.id)
    return (found if kind is None else found.where(channel.kind == kind)).order_by(channel.created_at, channel.id)


def primary(kind: ChannelKind) -> Callable[[Any], Select[Any]]:
    """The primary channel of a kind."""

    def found(profile: Any) -> Select[Any]:
        channel = entity(Channel)
        chosen = profile.email_channel_id if kind is ChannelKind.EMAIL else profile.sms_channel_id
        return select(channel).where(channel.id == chosen)

    return found


def owner(row: Any) -> Select[Any]:
    """The profile that a channel is in now."""
    profile = entity(Profile)
    return select(profile).where(profile.id == row.profile_id)


def field_winners(profile: Any) -> Select[Any]:
    """The value that each custom field shows, a cleared one too, with where it came from; in order of the keys."""
    values = _values_of(profile.id)
    return select(values).where(values.c.rank == 1).order_by(values.c.key)


def field_alternatives(winner: Any) -> Select[Any]:
    """The values that lost against a winner, the newest first."""
    values = _values_of(winner.profile_id)
    return select(values).where(values.c.rank > 1, values.c.key == winner.key).order_by(values.c.rank)


def _values_of(profile_id: Any) -> Any:
    channel = entity(Channel)
    return field_values(channel, channel).where(channel.profile_id == profile_id).subquery()


def linkage(_: object) -> Select[Any]:
    """How many profiles there are, and how many have which kinds of channel: one row."""
    profile = entity(Profile)
    email, sms = profile.email_channel_id.is_not(None), profile.sms_channel_id.is_not(None)
    counts: tuple[Any, ...] = (
        func.count().label("profiles"),
        func.count().filter(email, sms).label("linked"),
        func.count().filter(email, ~sms).label("email_only"),
        func.count().filter(~email, sms).label("sms_only"),
    )
    return select(*counts).select_from(profile)


def linkage_by_method(_: object) -> Select[Any]:
    """The same by the way in that the profile's oldest channel took."""
    profile = entity(Profile)
    linked = func.count().filter(profile.email_channel_id.is_not(None), profile.sms_channel_id.is_not(None))
    counted = select(profile.method, func.count().label("profiles"), linked.label("linked"))
    return counted.group_by(profile.method).order_by(profile.method)
