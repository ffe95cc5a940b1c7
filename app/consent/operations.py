"""Recording consent."""

from uuid import UUID

from sqlalchemy import Integer, String, update

from app.acts import Act
from app.consent import queries, rules
from app.consent.errors import OptInRefused
from app.consent.queries import Recorded
from app.consent.rules import Given
from app.db import Insertion, Writer, changing, param, table
from app.db.types import Id, Time
from app.events import operations as events
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


async def record(writer: Writer, *, channel_id: UUID, given: Given, act: Act) -> None:
    """Appends a checked consent to the channel's ledger and folds it anew.

    Raises OptInRefused where an opt-out stands against it; then nothing was written.
    """
    [ledger] = await writer.fetch(queries.LOCKED_LEDGER, channel_id=channel_id)
    if rules.refused(given, ledger.status):
        raise OptInRefused
    said = {
        "id": act.new_id(),
        "channel_id": channel_id,
        "number": ledger.length + 1,
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
    digest = act.seal(rules.sealed_content(said, ledger.head))
    writer.insert(INTO_LEDGER, **said, digest=digest, previous_digest=ledger.head)
    await _fold(writer, channel_id=channel_id, head=digest, act=act)
    fact = {"channel": channel_id.hex, "act": given.act}
    events.publish(writer, name="consent_recorded", data=fact, act=act)


async def _fold(writer: Writer, *, channel_id: UUID, head: str, act: Act) -> None:
    ledger: list[Recorded] = await writer.fetch(queries.RECORDS, channel_id=channel_id)
    status, deciding = rules.fold(ledger)
    await writer.execute(
        FOLDED,
        channel_id=channel_id,
        status=status,
        since=deciding.occurred_at if deciding else None,
        record_id=deciding.id if deciding else None,
        count=len(ledger),
        head=head,
        at=act.at,
    )
