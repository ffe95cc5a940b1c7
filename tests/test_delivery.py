"""Messages are sent once, as their channel's consent and deliverability allow, and lie in the outbox."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete

from app.channels.operations import SET_DELIVERABILITY
from app.consent.rules.evidence import Given
from app.db import Database, Insertion, Writer, changing, param, table
from app.db.types import Id
from app.delivery.jobs import deliver
from app.delivery.operations import Outbox, Outcome, record
from app.delivery.rules.sending import LEASE, MOST_TRIES, Outgoing
from app.imports.jobs import Importing, Running
from app.kinds import ChannelKind
from app.signing import Purpose, Signer, Token
from app.tables import LedgerAct, Message, MessagePurpose, MessageStatus, Topic
from app.worker import Worker
from tests.client import Client, Served
from tests.conftest import new_client
from tests.sending import DAY, SECRET, SIGNER, Sending, after, channel_of

ANN, TEL = "ann@example.com", "+14155552671"
IN = {"act": "OPT_IN", "disclosure": "Yes, write to me."}
TRANSACTIONAL: dict[str, Any] = {"purpose": MessagePurpose.TRANSACTIONAL}
DELETE = changing(delete(table(Message)).where(table(Message).c.id == param("id", Id())))
INTO_TOPICS = Insertion(Topic)


@pytest.fixture
def sending(database: Database, client: Client, tmp_path: Path) -> Sending:
    """Messages of the client's account."""
    return Sending(database, client, tmp_path)


async def reachable(sending: Sending, mobile: str = TEL) -> UUID:
    """A number that opted in."""
    return channel_of(await sending.client.add_sms(mobile, smsConsent=IN), "SMS")


async def until(found: Callable[[], bool]) -> float:
    """Waits for something; the seconds that it took."""
    began = monotonic()
    while not found():
        assert monotonic() - began < 30
        await asyncio.sleep(0.01)
    return monotonic() - began


async def test_a_confirmation_lies_in_the_servers_outbox_soon(
    served: Served, outbox: Path, client: Client, database: Database
) -> None:
    server = Sending(database, client, outbox)
    email = channel_of(await client.add_email(ANN), "EMAIL")
    text = {"subject": "Bitte bestätigen ✓", "body": "Grüße,\nhier ist der Link: https://example.com/ä\n"}
    now = datetime.now(UTC)
    id = await server.queue(email, due_at=now, **TRANSACTIONAL, **text)
    path = server.path(email, f"{id.hex}.eml")
    assert await until(path.exists) < 5
    raw = path.read_bytes()
    assert "Bitte bestätigen ✓".encode() in raw  # a person can read it
    found = message_from_bytes(raw, policy=policy.default)
    link = found["List-Unsubscribe"]
    assert f"List-Unsubscribe: {link}\r\n".encode() in raw
    assert link.startswith("<https://tandem.example.com/u/")
    signed = link[1:-1].rpartition("/")[2]
    assert Signer(SECRET, "").read(Purpose.UNSUBSCRIBE, signed) == Token(server.account_id, email)
    assert found["Date"].datetime - now < timedelta(seconds=10)
    assert {name: str(value) for name, value in found.items() if name not in ("List-Unsubscribe", "Date")} == {
        "From": "Tested <no-reply@tandem.example.com>",
        "To": ANN,
        "Subject": text["subject"],
        "Message-ID": f"<{id.hex}@tandem.example.com>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": "8bit",
        "MIME-Version": "1.0",
    }
    assert found.get_content().replace("\r\n", "\n") == text["body"]
    stored = await server.stored(id)
    while stored.status is MessageStatus.CLAIMED:
        stored = await server.stored(id)
    assert (stored.status, stored.attempts, stored.leased_until) == (MessageStatus.SENT, 1, None)
    assert stored.provider_id == str(path.relative_to(outbox))


async def test_a_text_message_is_a_text_file(sending: Sending) -> None:
    channel = await reachable(sending)
    id = await sending.queue(channel, subject=None, body="Reply YES to confirm ✓")
    await sending.deliver()
    assert sending.path(channel, f"{id.hex}.txt").read_text() == (
        f"To: {TEL}\nAt: 2100-06-15T18:00:00.000000Z\nMessage: message_{id.hex}\n\nReply YES to confirm ✓\n"
    )


ENDS = dict.fromkeys(("\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x00"), "Hi Bcc: eve@example.com Body")
ENCODED = "= ?utf-8?q?=0D=0ABcc:_eve=40example.com?="  # parted, it is no encoded word
ENDS[f" {ENCODED.replace(' ', '')} "] = f"Hi {ENCODED} Bcc: eve@example.com {ENCODED} {ENCODED} Body"


@pytest.mark.parametrize(("end", "shown"), ENDS.items())
async def test_nothing_in_a_message_begins_a_header(tmp_path: Path, end: str, shown: str) -> None:
    injected = f"Hi{end}Bcc: eve@example.com{end}{end}Body"
    account, channel, id = uuid4(), uuid4(), uuid4()
    more = (ANN, injected, f"A{end}b", MessagePurpose.MARKETING, f"https://example.com/{'x' * 300}", DAY)
    message = Outgoing(id, account, injected, channel, ChannelKind.EMAIL, *more)
    name = await Outbox(tmp_path, host="example.com").send(message)
    found = message_from_bytes((tmp_path / name).read_bytes(), policy=policy.default)
    assert "Bcc" not in found
    assert len(found.keys()) == 10
    assert found["Subject"] == found["From"].addresses[0].display_name == shown
    assert found["List-Unsubscribe"] == f"<https://example.com/{'x' * 300}>"


async def test_what_is_claimed_and_not_recorded_is_sent_when_the_lease_ends(sending: Sending) -> None:
    id = await sending.queue(await reachable(sending))
    assert [message.id for message in (await sending.claim()).messages] == [id]  # and then it crashes
    await sending.deliver(after(59))
    assert sending.files() == []
    await sending.deliver(after(61))
    assert sending.files() == [f"{id.hex}.txt"]
    assert (await sending.stored(id))[:1] + (await sending.stored(id))[4:6] == (MessageStatus.SENT, 2, after(61))


async def test_what_was_sent_before_a_crash_is_there_once(sending: Sending) -> None:
    channel = await reachable(sending)
    id = await sending.queue(channel)
    crashed = Crashing(sending.provider)
    with pytest.raises(asyncio.CancelledError):
        await sending.deliver(provider=crashed)
    path = sending.path(channel, f"{id.hex}.txt")
    before = path.read_bytes()
    assert (await sending.stored(id)).status is MessageStatus.CLAIMED
    await sending.deliver(after(61))
    assert (await sending.stored(id)).status is MessageStatus.SENT
    assert sending.files() == [f"{id.hex}.txt"]
    assert path.read_bytes() == before


class Crashing:
    """A provider with which the process ends when the message is out."""

    def __init__(self, outbox: Any) -> None:
        self._outbox = outbox

    async def send(self, message: Outgoing) -> str:
        await self._outbox.send(message)
        raise asyncio.CancelledError

    async def forget(self, account: UUID, channel_id: UUID) -> None:
        await self._outbox.forget(account, channel_id)


async def test_only_the_last_claim_says_how_it_ended(sending: Sending) -> None:
    id = await sending.queue(await reachable(sending))
    [late] = (await sending.claim()).messages
    [last] = (await sending.claim(after(61))).messages
    before = await sending.stored(id)
    for known_as in ("late", None):
        work = partial(record, outcomes=[Outcome(late, known_as)], now=after(62))
        assert await sending.database.write(sending.account_id, work) == set()
        assert await sending.stored(id) == before
    await sending.database.write(sending.account_id, partial(record, outcomes=[Outcome(last, "last")], now=after(63)))
    assert await sending.stored(id) == (MessageStatus.SENT, [], DAY, None, 2, after(63), "last")


async def test_blocked_messages_are_suppressed_with_their_reasons(sending: Sending) -> None:
    client, database = sending.client, sending.database

    async def add_topic(writer: Writer) -> UUID:
        id = uuid4()
        writer.insert(INTO_TOPICS, id=id, key="news", name="News", created_at=DAY)
        return id

    topic = await database.write(sending.account_id, add_topic)
    unasked = channel_of(await client.add_sms("+14155550100"), "SMS")
    out = channel_of(await client.add_sms("+14155550101", smsConsent={"act": "OPT_OUT"}), "SMS")
    email_out = channel_of(await client.add_email(ANN, emailConsent={"act": "OPT_OUT"}), "EMAIL")
    willing = await reachable(sending)
    await sending.record(willing, Given(LedgerAct.OPT_OUT, topic="news"))
    expired = channel_of(await client.add_sms("+14155550102", smsConsent={"act": "OPT_OUT"}), "SMS")
    expire = partial(expired_now, channel_id=expired)
    await database.write(sending.account_id, expire)
    expected: dict[UUID, Any] = {
        await sending.queue(unasked): ["NO_CONSENT"],
        await sending.queue(unasked, **TRANSACTIONAL): None,
        await sending.queue(out): ["OPTED_OUT"],
        await sending.queue(out, **TRANSACTIONAL): ["OPTED_OUT"],
        await sending.queue(out, **TRANSACTIONAL, is_reply=True): None,
        await sending.queue(email_out): ["OPTED_OUT"],
        await sending.queue(email_out, **TRANSACTIONAL): None,
        await sending.queue(willing): None,
        await sending.queue(willing, topic_id=topic): ["TOPIC_OPTED_OUT"],
        await sending.queue(expired): ["OPTED_OUT", "EXPIRED"],
    }
    await sending.deliver()
    found = {id: await sending.stored(id) for id in expected}
    assert {id: stored.reasons or None for id, stored in found.items()} == expected
    for id, reasons in expected.items():
        status = MessageStatus.SUPPRESSED if reasons else MessageStatus.SENT
        assert (found[id].status, found[id].attempts, found[id].due_at) == (status, 0 if reasons else 1, DAY)
    assert {name.partition(".")[0] for name in sending.files()} == {id.hex for id, why in expected.items() if not why}


async def expired_now(writer: Writer, *, channel_id: UUID) -> None:
    await writer.execute(SET_DELIVERABILITY, channel_id=channel_id, new="EXPIRED", at=DAY, reason="by hand")


async def test_quiet_hours_hold_marketing_texts_until_they_end(sending: Sending) -> None:
    night, morning = (datetime(2100, 6, 16, hour, tzinfo=UTC) for hour in (6, 15))  # 23 and 8 hours in California
    channel = await reachable(sending)
    mail = channel_of(await sending.client.add_email(ANN, emailConsent=IN), "EMAIL")
    held = await sending.queue(channel)
    unheld = [await sending.queue(channel, **TRANSACTIONAL), await sending.queue(mail)]
    await sending.deliver(night)
    assert [(await sending.stored(id)).status for id in unheld] == [MessageStatus.SENT] * 2
    assert await sending.stored(held) == (MessageStatus.QUEUED, [], morning, None, 0, None, None)
    await sending.deliver(morning - timedelta(seconds=1))
    assert (await sending.stored(held)).status is MessageStatus.QUEUED
    await sending.deliver(morning)
    assert (await sending.stored(held))[4:6] == (1, morning)


async def test_an_opt_out_during_the_quiet_suppresses_what_it_held(sending: Sending) -> None:
    night, morning = (datetime(2100, 6, 16, hour, tzinfo=UTC) for hour in (6, 15))
    channel = await reachable(sending)
    held = await sending.queue(channel)
    await sending.deliver(night)
    await sending.record(channel, Given(LedgerAct.STOP, disclosure="STOP"))
    await sending.deliver(morning)
    assert (await sending.stored(held))[:2] == (MessageStatus.SUPPRESSED, ["OPTED_OUT"])
    assert sending.files() == []


async def test_what_cannot_be_sent_is_tried_again_later_each_time_and_fails_after_eight(
    sending: Sending, tmp_path: Path
) -> None:
    nowhere = tmp_path / "a file"
    nowhere.touch()
    id = await sending.queue(await reachable(sending))
    at, pauses = DAY, []
    for attempt in range(1, MOST_TRIES):
        await sending.deliver(at, Outbox(nowhere, host="example.com"))
        stored = await sending.stored(id)
        assert (stored.status, stored.attempts, stored.leased_until) == (MessageStatus.QUEUED, attempt, None)
        pauses.append((stored.due_at - at).total_seconds())
        at = stored.due_at
    assert pauses == [30, 60, 120, 240, 480, 960, 1920]
    await sending.deliver(at, Outbox(nowhere, host="example.com"))
    assert await sending.stored(id) == (MessageStatus.FAILED, [], at, None, MOST_TRIES, None, None)


async def test_a_message_that_brings_its_worker_down_eight_times_fails(sending: Sending) -> None:
    id = await sending.queue(await reachable(sending))
    for attempt in range(MOST_TRIES):
        assert len((await sending.claim(DAY + attempt * LEASE)).messages) == 1
    assert (await sending.claim(DAY + MOST_TRIES * LEASE)).messages == []
    assert (await sending.stored(id)).status is MessageStatus.FAILED


async def test_one_accounts_backlog_does_not_delay_another(sending: Sending, served: Served, tmp_path: Path) -> None:
    channel = await reachable(sending)
    backlog = await sending.queue_all([channel] * 60)
    other = Sending(sending.database, await new_client(served, sending.client.http), tmp_path)
    last = await other.queue(await reachable(other))
    stop = asyncio.Event()
    more = await deliver(sending.database, sending.provider, signer=SIGNER, now=lambda: DAY, stop=stop)
    assert (await other.stored(last)).status is MessageStatus.SENT
    sent = [(await sending.stored(id)).status is MessageStatus.SENT for id in backlog]
    assert sent == [True] * 50 + [False] * 10  # in the order in which they were queued
    assert more
    await sending.deliver()
    assert len(sending.files()) == 60


async def test_several_workers_at_once_send_each_message_once(sending: Sending) -> None:
    ids = await sending.queue_all([await reachable(sending)] * 120)
    await asyncio.gather(*(sending.deliver() for _ in range(3)))
    await sending.deliver()  # what they left to one another
    found = [await sending.stored(id) for id in ids]
    assert {(stored.status, stored.attempts) for stored in found} == {(MessageStatus.SENT, 1)}
    assert sending.files() == sorted(f"{id.hex}.txt" for id in ids)


async def test_nothing_stays_of_a_message_to_somebody_who_was_erased_while_it_was_sent(sending: Sending) -> None:
    channel, other = await reachable(sending), await reachable(sending, "+14155550100")
    erased, stays = await sending.queue(channel), await sending.queue(other)
    await sending.deliver(provider=Erasing(sending, erased))
    assert sending.files() == [f"{stays.hex}.txt"]
    assert not sending.path(channel, "").exists()
    await sending.provider.forget(sending.client.account.id, channel)  # nothing there: nothing to do
    await sending.provider.forget(sending.client.account.id, other)
    assert sending.files() == []


class Erasing:
    """A provider during whose work a message is erased."""

    def __init__(self, sending: Sending, id: UUID) -> None:
        self._sending, self._id = sending, id

    async def send(self, message: Outgoing) -> str:
        if message.id == self._id:
            await self._sending.database.write(self._sending.account_id, lambda w: w.execute(DELETE, id=self._id))
        return await self._sending.provider.send(message)

    async def forget(self, account: UUID, channel_id: UUID) -> None:
        await self._sending.provider.forget(account, channel_id)


async def test_a_worker_ends_at_once_when_it_is_told(database: Database, tmp_path: Path) -> None:
    stop = asyncio.Event()
    importing = Importing(Running(database, b"", lambda: datetime.now(UTC), stop))
    worker = Worker(database, Outbox(tmp_path, host="example.com"), SIGNER, importing, stop)
    working = asyncio.create_task(worker.work())
    await asyncio.sleep(0.05)
    worker.stop.set()
    await asyncio.wait_for(working, 0.5)
