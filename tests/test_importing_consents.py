"""What batches of an import record of consent and deliverability, and what they leave out."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.acts import Act, Lot, now
from app.channels import operations as channels
from app.channels.rules import Address
from app.consent import operations as consent
from app.consent.operations import Appended
from app.consent.rules.evidence import Given
from app.db import Database, Writer, entity, selecting
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.tables import Channel, Deliverability, IntakeMethod, LedgerAct
from tests.client import Client
from tests.held import uuid
from tests.retracting import SECRET, take_back

FILE = "https://files.example.com/1"
IN, OUT = Given(LedgerAct.OPT_IN, source_url=FILE, disclosure="Yes."), Given(LedgerAct.OPT_OUT)
HELD, EXPIRED = Deliverability.HELD, Deliverability.EXPIRED
_channel = entity(Channel)
STATES = selecting(
    lambda id, *state: (id, state),
    select(_channel.id, _channel.deliverability, _channel.deliverability_reason, _channel.held_at),
)


def at(**ago: float) -> datetime:
    return now() - timedelta(**ago)


def batch() -> Act:
    lot = Lot(uuid4(), now())
    return Act(now(), "tests", IntakeMethod.IMPORT, SECRET, "people.csv", lot)


def by_hand() -> Act:
    return Act(now(), "tests", IntakeMethod.API, SECRET)


@pytest.fixture
async def id(client: Client) -> UUID:
    """A number that nothing is known of."""
    return uuid((await client.add_sms("+14155552671"))["channels"][0]["id"])


class Ledgers:
    """What is said to the ledgers of an account."""

    def __init__(self, client: Client, database: Database) -> None:
        self._client = client
        self._database = database

    async def write(self, work: Any) -> Any:
        return await self._database.write(self._client.account.account_id, work)

    async def say(self, id: UUID, *said: Given, act: Act) -> Appended:
        appended: Appended = await self.write(partial(self._say, given=[(id, each) for each in said], act=act))
        return appended

    async def _say(self, writer: Writer, *, given: list[tuple[UUID, Given]], act: Act) -> Appended:
        profile_ids = await profiles.lock_of(writer, channel_ids={id for id, _ in given})
        appended = await consent.append(writer, given=given, act=act)
        await profiles.maintain(writer, ids=profile_ids)
        return appended

    async def records(self, id: UUID, *said: Given) -> int:
        """How many records a batch makes of what it says, and whether it says so."""
        before, appended, after = await self.count(), await self.say(id, *said, act=batch()), await self.count()
        assert len(appended.recorded) == after - before
        return after - before

    async def count(self) -> int:
        query = "{ profiles { nodes { channels { consentHistory { totalCount } } } } }"
        [profile] = (await self._client.ask(query))["profiles"]["nodes"]
        return sum(channel["consentHistory"]["totalCount"] for channel in profile["channels"])


@pytest.fixture
def ledgers(client: Client, database: Database) -> Ledgers:
    """Those of the client's account."""
    return Ledgers(client, database)


@pytest.mark.parametrize(
    "said", [IN, OUT, Given(LedgerAct.OPT_IN, at(days=1), FILE), Given(LedgerAct.OPT_OUT, at(days=1))]
)
async def test_what_was_said_by_an_import_is_recorded_once(ledgers: Ledgers, id: UUID, said: Given) -> None:
    assert await ledgers.records(id, said, said) == 1
    assert await ledgers.records(id, said) == 0
    for other in (
        Given(said.act, said.occurred_at, "https://other.example.com"),
        Given(said.act, at(days=2), said.source_url),
        Given(said.act, said.occurred_at, said.source_url, disclosure="Aye."),
        Given(said.act, said.occurred_at, said.source_url, "203.0.113.7"),
        Given(said.act, said.occurred_at, said.source_url, user_agent="Phone"),
    ):
        assert await ledgers.records(id, other) == 1, other
    assert await ledgers.records(id, said) == 0


async def test_what_others_recorded_is_no_repetition(ledgers: Ledgers, id: UUID) -> None:
    for _ in range(2):
        assert (await ledgers.say(id, OUT, act=by_hand())).recorded == {0}
    assert await ledgers.records(id, OUT) == 1


async def test_what_says_no_time_is_said_again_where_something_else_holds_by_now(ledgers: Ledgers, id: UUID) -> None:
    assert await ledgers.records(id, OUT) == 1
    await ledgers.say(id, Given(LedgerAct.OPT_IN, now(), FILE), act=by_hand())
    assert await ledgers.records(id, OUT) == 1
    appended = await ledgers.say(id, IN, IN, act=batch())
    assert (len(appended.refused), appended.recorded) == (2, set())


async def test_what_was_taken_back_can_be_said_again(
    ledgers: Ledgers, client: Client, database: Database, id: UUID
) -> None:
    timed = Given(LedgerAct.OPT_IN, at(days=1), FILE)
    for said in (timed, IN):
        assert await ledgers.records(id, said) == 1
        await take_back(database, client, url=FILE)
        assert await ledgers.records(id, said) == 1
        await take_back(database, client, url=FILE)


async def test_a_preference_is_told_apart_by_its_topic(ledgers: Ledgers, client: Client, id: UUID) -> None:
    for key in ("news", "offers"):
        await client.ask(f'mutation {{ createTopic(input: {{key: "{key}", name: "{key}"}}) {{ topic {{ id }} }} }}')
    news, offers = (Given(LedgerAct.OPT_OUT, topic=key) for key in ("news", "offers"))
    assert await ledgers.records(id, news) == 1
    assert await ledgers.records(id, news, offers, OUT, offers) == 2
    assert await ledgers.records(id, news, offers, OUT) == 0
    await ledgers.say(id, Given(LedgerAct.OPT_IN, now(), FILE, topic="news"), act=by_hand())
    assert await ledgers.records(id, news, offers, OUT) == 1


async def test_a_batch_notes_its_opt_ins_and_when_channels_were_changed_before(
    ledgers: Ledgers, client: Client, id: UUID
) -> None:
    act = batch()
    new = channels.born(Address(ChannelKind.EMAIL, "new@example.com"), act)
    given = [(id, IN), (new.id, OUT), (new.id, Given(LedgerAct.OPT_IN, at(days=1), FILE)), (new.id, IN)]

    async def work(writer: Writer) -> None:
        profile_ids = await profiles.lock_of(writer, channel_ids=[id])
        channels.add(writer, channels=[new], suppressed={}, act=act)
        await consent.append(writer, given=given, born={new.id: None}, act=act)
        await profiles.maintain(writer, ids=[*profile_ids, new.profile_id])

    query = "{ profiles { nodes { updatedAt channels { address consentHistory { nodes { id status } } } } } }"
    [before] = (await client.ask(query))["profiles"]["nodes"]
    await ledgers.write(work)
    nodes = (await client.ask(query))["profiles"]["nodes"]
    records = [
        uuid(record["id"])
        for node in nodes
        for record in node["channels"][0]["consentHistory"]["nodes"]
        if record["status"] == "OPTED_IN"
    ]
    assert act.lot is not None
    assert sorted(act.lot.brought["records"]) == sorted(records)
    assert {id: each.isoformat()[:-6] for id, each in act.lot.touched.items()} == {id: before["updatedAt"][:-1]}


async def test_an_import_makes_channels_no_better_than_they_were(
    ledgers: Ledgers, client: Client, database: Database
) -> None:
    ids = [uuid((await client.add_email(f"{n}@example.com"))["channels"][0]["id"]) for n in range(8)]
    known = [Deliverability.ACTIVE, HELD, EXPIRED, Deliverability.BANNED] * 2
    standing = {id: EXPIRED if place > 3 else HELD for place, id in enumerate(ids)}
    for id, deliverability in zip(ids, known, strict=True):
        more: dict[str, Any] = {"deliverability": deliverability, "reason": "before", "act": by_hand()}
        await ledgers.write(partial(channels.set_deliverability, channel_id=id, **more))
    again, act = batch(), batch()
    make = partial(channels.make_undeliverable, standing=standing, reason="A list.")
    assert await ledgers.write(partial(make, act=act)) == {ids[0], ids[4], ids[5]}
    assert await ledgers.write(partial(make, act=again)) == set()
    assert act.lot is not None
    assert again.lot is not None
    assert (set(act.lot.touched), again.lot.touched) == ({ids[0], ids[4], ids[5]}, {})
    async with database.reading(client.account.account_id) as reader:
        found = dict(await reader.fetch(STATES))
    states = [(found[id][0], found[id][1] == "A list.", found[id][2]) for id in ids]
    assert states == [
        ("HELD", True, None),
        ("HELD", False, None),
        ("EXPIRED", False, None),
        ("BANNED", False, None),
        ("EXPIRED", True, None),
        ("EXPIRED", True, None),
        ("EXPIRED", False, None),
        ("BANNED", False, None),
    ]
