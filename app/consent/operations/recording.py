"""Recording consent."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, case, func, null, select, true, update
from sqlalchemy.dialects.postgresql import insert

from app.acts import Act
from app.channels.queries import HELD, held_at
from app.consent.errors import OptInRefused, SuppressedOptIn, UnknownTopic
from app.consent.queries import fold, ledger, topics
from app.consent.queries.ledger import Ledger
from app.consent.rules import sealing
from app.consent.rules.evidence import Given
from app.db import Insertion, Writer, changing, entity, first, param, table
from app.db.dialects import ACCOUNT
from app.db.expressions import constant, one_of
from app.db.types import Time
from app.events import operations as events
from app.ids import spelled
from app.profiles import operations as profiles
from app.tables import Channel, ChannelTopic, ConsentRecord, ConsentStatus, Deliverability, LedgerAct

_channel, _channel_topic = table(Channel), table(ChannelTopic)
RENEWED = "A new opt-in."
NO_LEDGERS: Mapping[UUID, datetime | None] = {}
INTO_LEDGER = Insertion(ConsentRecord)


def _fold() -> Any:
    """Puts what ledgers say on their channels; an opt-in ends EXPIRED, and a suppression, that are older than it."""
    record = entity(ConsentRecord)
    entries = select(*fold.columns(record), record.digest).where(one_of(record.channel_id, "channel_ids"))
    standing = fold.standing(entries).subquery()
    opted_in = standing.c.status == constant(ConsentStatus.OPTED_IN)
    renewed = and_(
        opted_in,
        _channel.c.deliverability == constant(Deliverability.EXPIRED),
        standing.c.since > _channel.c.deliverability_since,
    )
    held = held_at(_channel.c)
    return (
        update(_channel)
        .where(_channel.c.id == standing.c.channel_id)
        .values(
            consent_status=standing.c.status,
            consent_at=standing.c.since,
            consent_record_id=standing.c.record_id,
            consent_count=standing.c.length,
            consent_head=standing.c.head,
            updated_at=param("at", Time()),
            deliverability=case(
                (and_(renewed, held.is_not(None)), constant(Deliverability.HELD)),
                (renewed, constant(Deliverability.ACTIVE)),
                else_=_channel.c.deliverability,
            ),
            deliverability_since=case(
                (renewed, func.coalesce(held, standing.c.since)), else_=_channel.c.deliverability_since
            ),
            deliverability_reason=case(
                (and_(renewed, held.is_not(None)), constant(HELD)),
                (renewed, constant(RENEWED)),
                else_=_channel.c.deliverability_reason,
            ),
            held_at=case((renewed, held), else_=_channel.c.held_at),
            suppressed_at=case(
                (and_(opted_in, standing.c.since > _channel.c.suppressed_at), null()), else_=_channel.c.suppressed_at
            ),
        )
    )


def _fold_topics() -> Any:
    record = entity(ConsentRecord)
    about = one_of(record.channel_id, "channel_ids"), record.topic_id.is_not(None)
    held = fold.folded(select(*fold.columns(record)).where(*about)).subquery()
    rows = select(held.c.channel_id, held.c.topic_id, held.c.status, held.c.since, held.c.record_id, ACCOUNT)
    added = insert(_channel_topic).from_select(
        ["channel_id", "topic_id", "status", "at", "record_id", "account_id"], rows.where(true())
    )
    new = {name: added.excluded[name] for name in ("status", "at", "record_id")}
    return added.on_conflict_do_update(index_elements=["account_id", "channel_id", "topic_id"], set_=new)


FOLD = changing(_fold())
FOLD_TOPICS = changing(_fold_topics())
Refused = OptInRefused | SuppressedOptIn


async def record(writer: Writer, *, given: Sequence[tuple[UUID, Given]], act: Act) -> list[tuple[UUID, Refused]]:
    """Records checked consents of known channels, in this order; the opt-ins that were refused.

    Raises ChannelNotFound or UnknownTopic.
    """
    profile_ids = await profiles.lock_of(writer, channel_ids={id for id, _ in given})
    refused = await append(writer, given=given, act=act)
    await profiles.maintain(writer, ids=profile_ids)
    return refused


async def append(
    writer: Writer, *, given: Sequence[tuple[UUID, Given]], born: Mapping[UUID, datetime | None] = NO_LEDGERS, act: Act
) -> list[tuple[UUID, Refused]]:
    """Appends consents to their channels' ledgers and folds these anew, within a change that locks and maintains.

    `born` are channels of this very transaction, whose ledgers are empty, and since when each is suppressed. Opt-ins
    that an opt-out stands against are not recorded, but given back. Raises UnknownTopic.
    """
    known = await _topics(writer, given)
    refused: list[tuple[UUID, Refused]] = []
    started = dict(born)
    for one_each in _rounds(given):
        ledgers = await _ledgers(writer, [id for id, _ in one_each], started)
        said = await _said_of_topics(writer, one_each, started)
        appended = []
        for id, consent in one_each:
            topic_id = known[consent.topic] if consent.topic else None
            status = said.get((id, topic_id), ConsentStatus.NOT_COLLECTED) if topic_id else ledgers[id].status
            objection = _objection(consent, status, ledgers[id])
            if objection:
                refused.append((id, objection))
            else:
                appended.append((id, consent, topic_id))
        await _append(writer, ledgers, appended, act)
        started.clear()
    return refused


def _rounds(given: Sequence[tuple[UUID, Given]]) -> Iterator[list[tuple[UUID, Given]]]:
    """The consents in rounds, each channel's in order: an opt-in that may be refused waits for what was said before."""
    waiting = list(given)
    while waiting:
        round_: list[tuple[UUID, Given]] = []
        left: list[tuple[UUID, Given]] = []
        begun: set[UUID] = set()
        later: set[UUID] = set()
        for id, consent in waiting:
            if id in later or (id in begun and _may_be_refused(consent)):
                later.add(id)
                left.append((id, consent))
            else:
                begun.add(id)
                round_.append((id, consent))
        yield round_
        waiting = left


async def _topics(writer: Writer, given: Sequence[tuple[UUID, Given]]) -> dict[str, UUID]:
    """The ids of the topics that are named. Raises UnknownTopic."""
    named = {consent.topic: consent for _, consent in given if consent.topic}
    if not named:
        return {}
    found = {topic.key: topic.id for topic in await writer.fetch(topics.BY_KEYS, keys=sorted(named))}
    for key, consent in named.items():
        if key not in found:
            raise UnknownTopic(key, field=(*consent.field, "topic"))
    return found


async def _ledgers(
    writer: Writer, channel_ids: Collection[UUID], born: Mapping[UUID, datetime | None]
) -> dict[UUID, Ledger]:
    """The ledgers as they are, locked in the order of the channels' ids."""
    known = sorted(set(channel_ids) - set(born))
    stored = await writer.fetch(ledger.LOCKED_LEDGERS, channel_ids=known) if known else []
    empty = {id: Ledger(id, ConsentStatus.NOT_COLLECTED, None, 0, None, born.get(id)) for id in channel_ids}
    return empty | {each.channel_id: each for each in stored}


async def _said_of_topics(
    writer: Writer, given: Sequence[tuple[UUID, Given]], born: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], ConsentStatus]:
    """What the ledgers say of each topic."""
    ids = sorted({id for id, consent in given if consent.topic} - set(born))
    found = await writer.fetch(topics.HELD, channel_ids=ids) if ids else []
    return {(channel_id, topic_id): status for channel_id, topic_id, status in found}


def _objection(given: Given, status: ConsentStatus, stands: Ledger) -> Refused | None:
    """What stands against this opt-in: an opt-out does, or a suppression, where it names no time of its own."""
    if not _may_be_refused(given):
        return None
    if status is ConsentStatus.OPTED_OUT:
        return OptInRefused()
    return SuppressedOptIn() if stands.suppressed_at and not given.topic else None


def _may_be_refused(given: Given) -> bool:
    return given.act is LedgerAct.OPT_IN and given.occurred_at is None


async def _append(
    writer: Writer, ledgers: dict[UUID, Ledger], entries: Sequence[tuple[UUID, Given, UUID | None]], act: Act
) -> None:
    """Appends entries to these ledgers, one after the other, and folds them once."""
    for id, given, topic_id in entries:
        _, ledgers[id] = _insert(writer, ledgers[id], given, topic_id, act)
    ids = list(dict.fromkeys(id for id, _, _ in entries))
    if not ids:
        return
    await writer.settle()
    writer.later(FOLD, channel_ids=ids, at=act.at)
    if any(topic_id for _, _, topic_id in entries):
        writer.later(FOLD_TOPICS, channel_ids=ids)
    await writer.settle()


def _insert(
    writer: Writer,
    stands: Ledger,
    given: Given,
    topic_id: UUID | None,
    act: Act,
    *,
    restored: ConsentStatus | None = None,
) -> tuple[UUID, Ledger]:
    """The id of the new entry, and its ledger as it is with it, but for what it says."""
    id = act.new_id()
    said: dict[str, Any] = {
        "id": id,
        "channel_id": stands.channel_id,
        "topic_id": topic_id,
        "number": stands.length + 1,
        "act": given.act,
        "restored": restored,
        "time_given": given.occurred_at is not None,
        "method": act.method,
        "occurred_at": given.occurred_at or act.at,
        "recorded_at": act.at,
        "actor": act.actor,
        "source_url": given.source_url,
        "ip_address": given.ip_address,
        "user_agent": given.user_agent,
        "disclosure": given.disclosure,
        "source_detail": act.detail,
    }
    digest = act.seal(sealing.sealed_content(said, stands.head))
    writer.insert(INTO_LEDGER, **said, digest=digest, previous_digest=stands.head, retracts=None, retracted_at=None)
    fact = {"channel": spelled("Channel", stands.channel_id), "act": given.act}
    if topic_id:
        fact["topic"] = spelled("Topic", topic_id)
    events.publish(writer, name="consent_recorded", data=fact, channel_ids=[stands.channel_id], act=act)
    return id, stands._replace(length=stands.length + 1, head=digest)


async def undo_stop(writer: Writer, *, channel_id: UUID, text: str, at: datetime | None = None, act: Act) -> bool:
    """Records a START where a STOP is what holds: then what held before it holds again. Whether it was recorded.

    `at` is when it was said, else now; a START from before the STOP undoes nothing. Raises ChannelNotFound.
    """
    profile_ids = await profiles.lock_of(writer, channel_ids=[channel_id])
    [stands] = (await _ledgers(writer, [channel_id], NO_LEDGERS)).values()
    said_at = at or act.at
    if stands.since and said_at <= stands.since:
        return False
    if not await writer.fetch(ledger.STOPPED, channel_id=channel_id):
        return False
    restored = first(await writer.fetch(ledger.RESTORED, channel_id=channel_id, at=said_at))
    given = Given(LedgerAct.START, occurred_at=said_at, disclosure=text)
    _insert(writer, stands, given, None, act, restored=restored or ConsentStatus.NOT_COLLECTED)
    await _fold_and_maintain(writer, channel_id, profile_ids, act)
    return True


async def ask(writer: Writer, *, channel_id: UUID, given: Given, act: Act) -> UUID:
    """Records that a double opt-in was asked for, with the wording; the record. It alone makes a channel PENDING.

    Raises ChannelNotFound.
    """
    profile_ids = await profiles.lock_of(writer, channel_ids=[channel_id])
    [stands] = (await _ledgers(writer, [channel_id], NO_LEDGERS)).values()
    id, _ = _insert(writer, stands, replace(given, act=LedgerAct.ASK), None, act)
    await _fold_and_maintain(writer, channel_id, profile_ids, act)
    return id


async def _fold_and_maintain(writer: Writer, channel_id: UUID, profile_ids: Collection[UUID], act: Act) -> None:
    await writer.settle()
    await writer.execute(FOLD, channel_ids=[channel_id], at=act.at)
    await profiles.maintain(writer, ids=profile_ids)
