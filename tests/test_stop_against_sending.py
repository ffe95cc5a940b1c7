"""A STOP and a claim exclude one another: no message is claimed once an opt-out stands.

With TANDEM_LONG=1, 1,000 rounds on each database and a line of figures, else 40.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from app.consent.operations import record
from app.consent.rules.evidence import Given
from app.db import Database, Writer, open_database
from app.delivery.operations import Claims
from app.tables import LedgerAct, MessageStatus
from tests.client import Client
from tests.identity.effort import LONG
from tests.sending import STORED, Sending, act, channel_of

ROUNDS, CLAIMERS = 1000 if LONG else 40, 3
LONGEST_PAUSE = 0.012  # about what a STOP takes, pauses and all, so that claims fall before, into and behind it
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}


@pytest.fixture
async def many(database_url: str, database: Database) -> AsyncIterator[Database]:
    """The database with connections enough for everybody in a round."""
    opened = database if database.dialect == "sqlite" else await open_database(database_url, max_connections=8)
    yield opened
    if opened is not database:
        await opened.close()


async def pause(drawn: random.Random) -> None:
    await asyncio.sleep(drawn.uniform(0, LONGEST_PAUSE))


async def stopping(writer: Writer, *, channel_id: UUID, message_id: UUID, drawn: random.Random) -> MessageStatus:
    """Records a STOP, and reads under its lock how the message stands; then it takes its time to commit."""
    stop = Given(LedgerAct.STOP, disclosure="STOP")
    await record(writer, given=[(channel_id, stop)], born=(), act=act())
    [message] = await writer.fetch(STORED, id=message_id)
    await asyncio.sleep(drawn.uniform(0, LONGEST_PAUSE / 3))
    return message.status


async def a_round(sending: Sending, number: int) -> str:
    """One STOP against claims; whether the message was claimed before it, or suppressed by it."""
    drawn = random.Random(number)
    added = await sending.client.add_sms(f"+1415{2000000 + number}", smsConsent=IN)
    channel_id = channel_of(added, "SMS")
    message_id = await sending.queue(channel_id)

    async def stop() -> MessageStatus:
        await pause(drawn)
        work = partial(stopping, channel_id=channel_id, message_id=message_id, drawn=drawn)
        seen = await sending.database.write(sending.account_id, work)
        assert (await sending.claim()).messages == []  # it began after the STOP was committed
        return seen

    async def claim() -> Claims:
        await pause(drawn)
        return await sending.claim()

    stopped = asyncio.create_task(stop())
    claims = await asyncio.gather(*(claim() for _ in range(CLAIMERS)))
    seen = await stopped
    claims.append(await sending.claim())  # it looks at what all the others left to one another
    claimed = [message.id for each in claims for message in each.messages]
    stored = await sending.stored(message_id)
    if seen is MessageStatus.CLAIMED:  # its claim was committed before the STOP had the lock
        assert claimed == [message_id]
        assert (stored.status, stored.attempts) == (MessageStatus.CLAIMED, 1)
        return "claimed before the STOP"
    assert seen is MessageStatus.QUEUED
    assert claimed == []
    assert (stored.status, stored.attempts, stored.reasons) == (MessageStatus.SUPPRESSED, 0, ["OPTED_OUT"])
    return "suppressed by the STOP"


async def test_no_message_is_claimed_once_a_stop_stands(many: Database, client: Client, tmp_path: Path) -> None:
    sending = Sending(many, client, tmp_path)
    ended = Counter([await a_round(sending, number) for number in range(ROUNDS)])
    assert len(ended) == 2  # the race was run both ways
    if LONG:
        print(f"\n{many.dialect}: {dict(ended)}")  # noqa: T201 -- the figures that were asked for
