"""Recording consent."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.acts import Act
from app.consent.errors import OptInRefused, SuppressedOptIn, UnknownTopic
from app.consent.operations.folding import FOLD, FOLD_TOPICS
from app.consent.queries import imported, ledger, topics
from app.consent.queries.ledger import Ledger
from app.consent.rules import repeating, sealing
from app.consent.rules.evidence import Given
from app.consent.rules.repeating import Repeats
from app.db import Insertion, Writer, first
from app.events import operations as events
from app.ids import spelled
from app.profiles import operations as profiles
from app.tables import ConsentRecord, ConsentStatus, LedgerAct

NO_LEDGERS: Mapping[UUID, datetime | None] = {}
INTO_LEDGER = Insertion(ConsentRecord)
Refused = OptInRefused | SuppressedOptIn
Entry = tuple[UUID, Given, UUID | None]  # the channel, what was said, and the id of the topic that it is about


class Appended(NamedTuple):
    """What came of consents, by their places in what was given: the opt-ins refused, and what was recorded."""

    refused: dict[int, Refused]
    recorded: set[int]


class Placed(NamedTuple):
    """A consent, the channel that it is of, and its place in what was given."""

    place: int
    id: UUID
    consent: Given


async def record(writer: Writer, *, given: Sequence[tuple[UUID, Given]], act: Act) -> list[tuple[UUID, Refused]]:
    """Records checked consents of known channels, in this order; the opt-ins that were refused.

    Raises ChannelNotFound or UnknownTopic.
    """
    profile_ids = await profiles.lock_of(writer, channel_ids={id for id, _ in given})
    appended = await append(writer, given=given, act=act)
    await profiles.maintain(writer, ids=profile_ids)
    return [(given[place][0], why) for place, why in appended.refused.items()]


async def append(
    writer: Writer, *, given: Sequence[tuple[UUID, Given]], born: Mapping[UUID, datetime | None] = NO_LEDGERS, act: Act
) -> Appended:
    """Appends consents to their channels' ledgers and folds these anew, within a change that locks and maintains.

    `born` are channels of this very transaction, whose ledgers are empty, and since when each is suppressed. Opt-ins
    that an opt-out stands against are not recorded, but given back. What an import says that one has said before is
    left out. Raises UnknownTopic.
    """
    known = await _topics(writer, given)
    repeats = await _repeats(writer, {id for id, _ in given} - set(born)) if act.lot else None
    done = Appended({}, set())
    started = dict(born)
    for one_each in _rounds(Placed(place, *each) for place, each in enumerate(given)):
        ledgers = await ledgers_of(writer, [each.id for each in one_each], started)
        said = await _said_of_topics(writer, one_each, started)
        entries: list[Entry] = []
        for place, id, consent in one_each:
            topic_id = known[consent.topic] if consent.topic else None
            status = said.get((id, topic_id), ConsentStatus.NOT_COLLECTED) if topic_id else ledgers[id].status
            if objection := _objection(consent, status, ledgers[id]):
                done.refused[place] = objection
            elif repeats is None or repeats.hear(repeating.saying(id, topic_id, consent), status):
                entries.append((id, consent, topic_id))
                done.recorded.add(place)
        await _append(writer, ledgers, entries, act)
        started.clear()
    return done


async def _repeats(writer: Writer, channel_ids: Collection[UUID]) -> Repeats:
    """What imports said of known channels."""
    before = await writer.fetch(imported.SAYINGS, channel_ids=channel_ids) if channel_ids else []
    return Repeats(set(before))


def _rounds(given: Iterable[Placed]) -> Iterator[list[Placed]]:
    """The consents in rounds, each channel's in order: an opt-in that may be refused waits for what was said before."""
    waiting = list(given)
    while waiting:
        round_: list[Placed] = []
        left: list[Placed] = []
        begun: set[UUID] = set()
        later: set[UUID] = set()
        for each in waiting:
            if each.id in later or (each.id in begun and _may_be_refused(each.consent)):
                later.add(each.id)
                left.append(each)
            else:
                begun.add(each.id)
                round_.append(each)
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


async def ledgers_of(
    writer: Writer, channel_ids: Collection[UUID], born: Mapping[UUID, datetime | None]
) -> dict[UUID, Ledger]:
    """The ledgers as they are, locked in the order of the channels' ids."""
    known = sorted(set(channel_ids) - set(born))
    stored = await writer.fetch(ledger.LOCKED_LEDGERS, channel_ids=known) if known else []
    empty = {id: Ledger(id, ConsentStatus.NOT_COLLECTED, None, 0, None, born.get(id)) for id in channel_ids}
    return empty | {each.channel_id: each for each in stored}


async def _said_of_topics(
    writer: Writer, given: Sequence[Placed], born: Collection[UUID]
) -> Mapping[tuple[UUID, UUID], ConsentStatus]:
    """What the ledgers say of each topic."""
    ids = sorted({each.id for each in given if each.consent.topic} - set(born))
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


async def _append(writer: Writer, ledgers: dict[UUID, Ledger], entries: Sequence[Entry], act: Act) -> None:
    """Appends entries to these ledgers, one after the other, and folds them once."""
    for id, given, topic_id in entries:
        _touch(ledgers[id], act)
        record_id, ledgers[id] = insert(writer, ledgers[id], given, topic_id, act)
        if given.act is LedgerAct.OPT_IN:
            act.note("records", record_id)
    ids = list(dict.fromkeys(id for id, _, _ in entries))
    if ids:
        await refold(writer, ids, act, with_topics=any(topic_id for _, _, topic_id in entries))


def _touch(stands: Ledger, act: Act) -> None:
    """Notes for an import when a known channel was changed before; those of this very act are noted, or new."""
    if act.lot and stands.updated_at not in (None, act.at):
        act.lot.touched.setdefault(stands.channel_id, stands.updated_at)


async def refold(writer: Writer, channel_ids: Collection[UUID], act: Act, *, with_topics: bool) -> None:
    """Folds ledgers anew once their entries are written."""
    await writer.settle()
    writer.later(FOLD, channel_ids=channel_ids, at=act.at)
    if with_topics:
        writer.later(FOLD_TOPICS, channel_ids=channel_ids)
    await writer.settle()


def insert(
    writer: Writer,
    stands: Ledger,
    given: Given,
    topic_id: UUID | None,
    act: Act,
    *,
    restored: ConsentStatus | None = None,
    retracts: int | None = None,
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
        "retracts": retracts,
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
    writer.insert(INTO_LEDGER, **said, digest=digest, previous_digest=stands.head, retracted_at=None)
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
    [stands] = (await ledgers_of(writer, [channel_id], NO_LEDGERS)).values()
    said_at = at or act.at
    if stands.since and said_at <= stands.since:
        return False
    if not await writer.fetch(ledger.STOPPED, channel_id=channel_id):
        return False
    restored = first(await writer.fetch(ledger.RESTORED, channel_id=channel_id, at=said_at))
    given = Given(LedgerAct.START, occurred_at=said_at, disclosure=text)
    insert(writer, stands, given, None, act, restored=restored or ConsentStatus.NOT_COLLECTED)
    await _fold_and_maintain(writer, channel_id, profile_ids, act)
    return True


async def ask(writer: Writer, *, channel_id: UUID, given: Given, act: Act) -> UUID:
    """Records that a double opt-in was asked for, with the wording; the record. It alone makes a channel PENDING.

    Raises ChannelNotFound.
    """
    profile_ids = await profiles.lock_of(writer, channel_ids=[channel_id])
    [stands] = (await ledgers_of(writer, [channel_id], NO_LEDGERS)).values()
    id, _ = insert(writer, stands, replace(given, act=LedgerAct.ASK), None, act)
    await _fold_and_maintain(writer, channel_id, profile_ids, act)
    return id


async def _fold_and_maintain(writer: Writer, channel_id: UUID, profile_ids: Collection[UUID], act: Act) -> None:
    await writer.settle()
    await writer.execute(FOLD, channel_ids=[channel_id], at=act.at)
    await profiles.maintain(writer, ids=profile_ids)
