"""Recording consent."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, String, update

from app.acts import Act
from app.consent import queries
from app.consent.errors import OptInRefused
from app.consent.queries import Recorded
from app.consent.rules import evidence, sealing
from app.consent.rules.evidence import Given
from app.db import Insertion, Writer, changing, param, table
from app.db.types import Id, Time
from app.events import operations as events
from app.ids import spelled
from app.tables import Channel, ConsentRecord

_channel = table(Channel)
INTO_LEDGER = Insertion(ConsentRecord)
FOLDED = changing(
    update(_channel)
    .where(_channel.c.id == param("channel_id", Id()))
    .values(
        consent_status=param("status", String()),
        consent_at=param("since", Time()),
        consent_record_id=param("record_id", Id()),
        consent_count=param("count", Integer()),
        consent_head=param("head", String()),
        updated_at=param("at", Time()),
    )
)


async def record(
    writer: Writer, *, given: Sequence[tuple[UUID, Given]], born: Collection[UUID], act: Act
) -> list[tuple[UUID, OptInRefused]]:
    """Appends checked consents to their channels' ledgers, in this order, and folds these anew.

    `born` are channels of this very transaction: their ledgers are empty. Opt-ins that an opt-out stands against are
    not recorded, but given back.
    """
    ledgers = await _ledgers(writer, {channel_id for channel_id, _ in given}, born)
    refused = [(id, OptInRefused()) for id, consent in given if not _append(writer, ledgers[id], consent, act)]
    changed = [ledger for ledger in ledgers.values() if ledger.grown]
    if changed:
        await writer.execute_many(FOLDED, [_folded(ledger, act) for ledger in changed])
    return refused


@dataclass(slots=True)
class _Ledger:
    channel_id: UUID
    head: str | None
    records: list[Recorded]
    grown: bool = False


async def _ledgers(writer: Writer, channel_ids: set[UUID], born: Collection[UUID]) -> dict[UUID, _Ledger]:
    """The ledgers as they are, locked in the order of the channels' ids."""
    found = {id: _Ledger(id, None, []) for id in channel_ids}
    known = sorted(channel_ids - set(born))
    if known:
        for ledger in await writer.fetch(queries.LOCKED_LEDGERS, channel_ids=known):
            found[ledger.channel_id].head = ledger.head
        for entry in await writer.fetch(queries.RECORDS, channel_ids=known):
            found[entry.channel_id].records.append(entry)
    return found


def _append(writer: Writer, ledger: _Ledger, given: Given, act: Act) -> bool:
    """Appends the consent, unless an opt-out stands against it."""
    status, _ = evidence.fold(ledger.records)
    if evidence.refused(given, status):
        return False
    said = {
        "id": act.new_id(),
        "channel_id": ledger.channel_id,
        "number": len(ledger.records) + 1,
        "act": given.act,
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
    digest = act.seal(sealing.sealed_content(said, ledger.head))
    writer.insert(INTO_LEDGER, **said, digest=digest, previous_digest=ledger.head)
    recorded = Recorded(**{name: said[name] for name in Recorded._fields})  # type: ignore[arg-type]
    ledger.records.append(recorded)
    ledger.head, ledger.grown = digest, True
    fact = {"channel": spelled("Channel", ledger.channel_id), "act": given.act}
    events.publish(writer, name="consent_recorded", data=fact, channel_ids=[ledger.channel_id], act=act)
    return True


def _folded(ledger: _Ledger, act: Act) -> dict[str, Any]:
    status, deciding = evidence.fold(ledger.records)
    return {
        "channel_id": ledger.channel_id,
        "status": status,
        "since": deciding.occurred_at if deciding else None,
        "record_id": deciding.id if deciding else None,
        "count": len(ledger.records),
        "head": ledger.head,
        "at": act.at,
    }
