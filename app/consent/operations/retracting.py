"""Taking opt-ins back that should never have been recorded, such as those of an import that is undone."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, exists, select, update

from app.acts import Act
from app.channels import operations as channels
from app.channels.queries import BY_IDS
from app.consent.operations.recording import NO_LEDGERS, insert, ledgers_of, refold
from app.consent.queries.ledger import LEFT
from app.consent.rules.evidence import Given
from app.db import Writer, changing, entity, param, selecting, table
from app.db.expressions import constant, one_of, outer
from app.db.types import Id, Time
from app.tables import Channel, ChannelTopic, ConsentRecord, ConsentStatus, LedgerAct

_channel, _channel_topic, _record = table(Channel), table(ChannelTopic), table(ConsentRecord)
TAKEN_BACK = "The opt-in that had renewed it was taken back."


class Taken(NamedTuple):
    """An opt-in that is taken back."""

    channel_id: UUID
    topic_id: UUID | None
    number: int


_OPT_INS = one_of(_record.c.id, "ids"), _record.c.act == constant(LedgerAct.OPT_IN), _record.c.retracted_at.is_(None)
CHANNELS = selecting(lambda id: id, select(_record.c.channel_id).where(*_OPT_INS).distinct())
TAKE_BACK = changing(
    update(_record)
    .where(*_OPT_INS)
    .values(retracted_at=param("at", Time()))
    .returning(_record.c.channel_id, _record.c.topic_id, _record.c.number)
)
LEAVE_TOPICS = changing(
    delete(_channel_topic).where(
        one_of(_channel_topic.c.channel_id, "channel_ids"), one_of(_channel_topic.c.record_id, "ids")
    )
)


def _opt_in() -> Any:
    """An opt-in of the channel that changes, and how it is told."""
    said = entity(ConsentRecord)
    mine = said.channel_id == outer(_channel.c.id), said.topic_id.is_(None)
    return said, select(said.id).where(*mine, said.act == constant(LedgerAct.OPT_IN))


def _suppress_again() -> Any:
    said, opt_in = _opt_in()
    since = opt_in.where(said.retracted_at.is_(None), said.occurred_at > param("since", Time()))
    ended = _channel.c.id == param("channel_id", Id()), _channel.c.suppressed_at.is_(None)
    return update(_channel).where(*ended, ~exists(since)).values(suppressed_at=param("since", Time()))


SUPPRESS_AGAIN = changing(_suppress_again())


async def retract(writer: Writer, *, record_ids: Collection[UUID], act: Act) -> list[UUID]:
    """Takes opt-ins back, within a change that locks and maintains the profiles; the channels whose ledgers changed.

    From now on they count as never said: what else the ledgers say decides, whatever came before or after. Nobody
    becomes mailable by it, for an opt-out that stands beside an opt-in stands without it too. The entries stay, and a
    RETRACT is appended for each. A channel that was suppressed until one of them came is so again, unless somebody
    opted in since. Ids of what is no opt-in, is taken back already, or is gone do nothing.
    """
    channel_ids = await writer.fetch(CHANNELS, ids=record_ids) if record_ids else []
    if not channel_ids:
        return []
    ledgers = await ledgers_of(writer, channel_ids, NO_LEDGERS)
    taken = sorted([Taken(*row) for row in await writer.fetch(TAKE_BACK, ids=record_ids, at=act.at)], key=_by_place)
    changed = list(dict.fromkeys(each.channel_id for each in taken))
    left = await _left(writer, changed)
    for each in taken:
        status = left.get((each.channel_id, each.topic_id), ConsentStatus.NOT_COLLECTED)
        stands, given = ledgers[each.channel_id], Given(LedgerAct.RETRACT)
        _, ledgers[each.channel_id] = insert(
            writer, stands, given, each.topic_id, act, restored=status, retracts=each.number
        )
    await _put(writer, changed, taken, record_ids, act)
    return changed


async def _close_again(writer: Writer, taken: Sequence[Taken], act: Act) -> None:
    """Suppresses channels again that nothing but the opt-ins had opened."""
    channel_ids = {each.channel_id for each in taken if each.topic_id is None}
    if not channel_ids:
        return
    members = {member.place: member.id for member in await writer.fetch(BY_IDS, ids=channel_ids)}
    digests = {place: channels.digest(place, act) for place in members}
    suppressed = await channels.suppressions(writer, digests=digests)
    rows = [{"channel_id": members[place], "since": why.at} for place, why in suppressed.items()]
    if rows:
        await writer.execute_many(SUPPRESS_AGAIN, rows)


def _by_place(taken: Taken) -> tuple[UUID, int]:
    return taken.channel_id, taken.number


async def _left(writer: Writer, channel_ids: Collection[UUID]) -> Mapping[tuple[UUID, UUID | None], ConsentStatus]:
    """What the ledgers say of their channels, and of topics, without what was taken back."""
    found = await writer.fetch(LEFT, channel_ids=channel_ids) if channel_ids else []
    return {(channel_id, topic_id): status for channel_id, topic_id, status in found}


async def _put(
    writer: Writer, channel_ids: Collection[UUID], taken: Sequence[Taken], record_ids: Collection[UUID], act: Act
) -> None:
    """Folds the ledgers anew; of a topic of which nothing holds any more nothing is kept."""
    if not channel_ids:
        return
    await _close_again(writer, taken, act)
    about_topics = any(each.topic_id for each in taken)
    if about_topics:
        await writer.execute(LEAVE_TOPICS, channel_ids=channel_ids, ids=record_ids)
    await refold(writer, channel_ids, act, with_topics=about_topics)
