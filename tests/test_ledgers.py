"""Ledgers: what they say, whatever the order of arrival and whoever is linked; and that tampering shows."""

import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select

from app.acts import Act, now
from app.channels import operations as channels
from app.channels.rules import Address
from app.consent.operations.folding import FOLD
from app.consent.operations.recording import INTO_LEDGER
from app.consent.queries import check
from app.db import Writer, selecting, sqlite_path, table
from app.db.expressions import one_of
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.tables import Channel, IntakeMethod, LedgerAct
from tests.client import Client, Served
from tests.deciding import merge, undo, unlink
from tests.ledgers import Said, holds
from tests.retracting import take_back

LONG = bool(os.environ.get("TANDEM_LONG"))
IN = {"act": "OPT_IN", "disclosure": "Yes."}
RECORD = """
mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { userErrors { code } } }
"""
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

# ---- the fold


def drawn(random: Random) -> list[Said]:
    """A ledger of up to 8 entries, at few times, so that there are ties."""
    return [entry_drawn(random, number) for number in range(1, random.randrange(2, 10))]


def entry_drawn(random: Random, number: int) -> Said:
    act, at = random.choice([*LedgerAct]), BEGINNING + timedelta(hours=random.randrange(5))
    retracted = act is LedgerAct.OPT_IN and random.random() < 0.3
    return Said(act, at, random.random() < 0.6, number, retracted)


async def test_ledgers_say_what_the_model_says(served: Served, client: Client) -> None:
    for lot in range(40 if LONG else 1):
        ledgers = [drawn(Random(seed)) for seed in range(lot * 1_500, (lot + 1) * 1_500)]
        found = await served.database.write(client.account.account_id, partial(folded, ledgers=ledgers, lot=lot))
        for ledger, said in zip(ledgers, found, strict=True):
            assert said == holds(ledger), ledger


async def folded(writer: Writer, ledgers: list[list[Said]], lot: int) -> list[tuple[str, int | None]]:
    """What the system says of these ledgers, each on a channel of its own."""
    act = Act(now(), "tests", IntakeMethod.API, b"")
    members = [channels.born(Address(ChannelKind.EMAIL, f"{lot}.{n}@example.com"), act) for n in range(len(ledgers))]
    channels.add(writer, channels=members, suppressed={}, act=act)
    ids: dict[UUID, tuple[int, int]] = {}
    for place, (member, ledger) in enumerate(zip(members, ledgers, strict=True)):
        for said in ledger:
            id = act.new_id()
            ids[id] = place, said.number
            writer.insert(INTO_LEDGER, **entry(id, member.id, said))
    await writer.settle()
    await writer.execute(FOLD, channel_ids=[member.id for member in members], at=act.at)
    await profiles.maintain(writer, ids=[member.profile_id for member in members])
    found: list[tuple[str, int | None]] = [("", None)] * len(ledgers)
    order = {member.id: place for place, member in enumerate(members)}
    for id, status, record_id in await writer.fetch(STANDING, ids=list(order)):
        found[order[id]] = status, ids[record_id][1] if record_id else None
        assert record_id is None or ids[record_id][0] == order[id]
    return found


_channel = table(Channel)
STANDING = selecting(
    lambda *columns: columns,
    select(_channel.c.id, _channel.c.consent_status, _channel.c.consent_record_id).where(one_of(_channel.c.id, "ids")),
)


def entry(id: UUID, channel_id: UUID, said: Said) -> dict[str, Any]:
    """A whole row of a ledger."""
    evidence = ["source_url", "ip_address", "user_agent", "disclosure", "source_detail"]
    return dict.fromkeys(["topic_id", "restored", "retracts", *evidence]) | {
        "retracted_at": BEGINNING + timedelta(hours=6) if said.retracted else None,
        "id": id,
        "channel_id": channel_id,
        "number": said.number,
        "act": said.act,
        "time_given": said.time_given,
        "method": IntakeMethod.API,
        "occurred_at": said.occurred_at,
        "recorded_at": said.occurred_at,
        "actor": "tests",
        "digest": "",
        "previous_digest": None,
    }


# ---- whoever is linked


class Life:
    """An account with three email addresses and three numbers, to which the same consents are given."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.ids: list[str] = []

    async def begin(self) -> None:
        for number in range(3):
            self.ids.append((await self.client.add_email(f"{number}@example.com"))["channels"][0]["id"])
            self.ids.append((await self.client.add_sms(f"+1415555010{number}"))["channels"][0]["id"])

    async def consent(self, place: int, consent: dict[str, Any]) -> None:
        await self.client.ask(RECORD, input={"channelId": self.ids[place], "consent": consent})

    async def states(self, moments: list[str]) -> Any:
        asked = " ".join(f'm{n}: consentAsOf(at: "{at}") {{ status }}' for n, at in enumerate(moments))
        fields = f"""consent {{ status }} consentLedgerIntact {asked}
            consentHistory(first: 100) {{ nodes {{ status occurredAt recordedAt }} }}
            sendability(at: "2026-03-02T20:00:00Z") {{ allowed blocks {{ reason }} }}"""
        found = await self.client.ask(
            f"query ($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on Channel {{ {fields} }} }} }}", ids=self.ids
        )
        return found["nodes"]

    async def relate(self, random: Random) -> None:
        """Links, merges, undoes or unlinks."""
        emails, mobiles = [f"{n}@example.com" for n in range(3)], [f"+1415555010{n}" for n in range(3)]
        match random.randrange(4):
            case 0 | 1:
                await self.client.add_sms(random.choice(mobiles), random.choice(emails))
            case 2:
                await unlink(self.client, random.choice(self.ids))
            case _:
                await self.undo_or_merge(random)

    async def undo_or_merge(self, random: Random) -> None:
        query = "{ profiles(first: 50) { nodes { id merges { id undoneAt } } } }"
        found = (await self.client.ask(query))["profiles"]["nodes"]
        done = [merge["id"] for profile in found for merge in profile["merges"] if merge["undoneAt"] is None]
        if done and random.random() < 0.6:
            await undo(self.client, random.choice(done), neverLinkAgain=False)
        elif len(found) > 1:
            await merge(self.client, *(profile["id"] for profile in random.sample(found, 2)))


def some_consent(random: Random) -> dict[str, Any]:
    """An act: timed, late, tied, a little ahead, or without a time."""
    at = BEGINNING + timedelta(hours=random.randrange(6))
    time = random.choice([None, at.isoformat(), at.isoformat(), (datetime.now(UTC) + timedelta(minutes=3)).isoformat()])
    return random.choice([IN, {"act": "OPT_OUT"}]) | ({"occurredAt": time} if time else {})


@pytest.mark.parametrize("seed", range(100 if LONG else 2))
async def test_a_channel_s_state_is_its_own_ledger_s_whatever_is_merged_and_undone(
    client: Client, stranger: Client, seed: int
) -> None:
    random, linked, alone = Random(seed), Life(client), Life(stranger)
    for life in (linked, alone):
        await life.begin()
    for _ in range(30):
        if random.random() < 0.5:
            await linked.relate(random)
        else:
            place, consent = random.randrange(6), some_consent(random)
            for life in (linked, alone):
                await life.consent(place, consent)
    moments = [(BEGINNING + timedelta(hours=hours)).isoformat().replace("+00:00", "Z") for hours in range(-1, 7)]
    states, expected = await linked.states(moments), await alone.states(moments)
    assert [timeless(state) for state in states] == [timeless(state) for state in expected]
    assert all(state["consentLedgerIntact"] for state in states)
    assert sum(len(state["consentHistory"]["nodes"]) for state in states) > 5


def timeless(state: Any) -> Any:
    """A state without the times that differ between two accounts."""
    return state | {"consentHistory": [node["status"] for node in state["consentHistory"]["nodes"]]}


async def test_what_held_then_is_told_by_what_is_known_now_and_by_what_was_known_then(client: Client) -> None:
    added = await client.add_sms("+14155552671", smsConsent={**IN, "occurredAt": "2026-01-01T00:00:00Z"})
    id = added["channels"][0]["id"]
    known = now().isoformat()
    late = {"act": "OPT_OUT", "occurredAt": "2026-02-01T00:00:00Z"}
    await client.ask(RECORD, input={"channelId": id, "consent": late})
    query = """
    query ($id: ID!, $at: DateTime!, $knownAt: DateTime) { node(id: $id) { ... on Channel {
      consentAsOf(at: $at, knownAt: $knownAt) { status updatedAt record { status } }
    } } }"""
    for at, known_at, status in [
        ("2025-12-31T00:00:00Z", None, "NOT_COLLECTED"),
        ("2026-01-15T00:00:00Z", None, "OPTED_IN"),
        ("2026-02-15T00:00:00Z", None, "OPTED_OUT"),
        ("2026-02-15T00:00:00Z", known, "OPTED_IN"),
        ("2026-02-15T00:00:00Z", "2026-01-15T00:00:00Z", "NOT_COLLECTED"),
    ]:
        found = (await client.ask(query, id=id, at=at, knownAt=known_at))["node"]["consentAsOf"]
        assert found["status"] == status
        assert found["record"] == (None if status == "NOT_COLLECTED" else {"status": status})


# ---- tampering


@pytest.fixture
async def ledger(served: Served, client: Client) -> str:
    """The id of a channel with a ledger of six records, one of them of a topic, the last taking back the one before."""
    await client.ask('mutation { createTopic(input: {key: "offers", name: "Offers"}) { topic { id } } }')
    id: str = (await client.add_sms("+14155552671", smsConsent=IN))["channels"][0]["id"]
    late = {**IN, "occurredAt": now().isoformat()}
    for consent in ({"act": "OPT_OUT", "topic": "offers"}, {"act": "OPT_OUT"}, late, {**late, "sourceUrl": "/"}):
        await client.ask(RECORD, input={"channelId": id, "consent": consent})
    await take_back(served.database, client, url="/")
    return id


async def intact(client: Client, id: str) -> bool:
    query = "query ($id: ID!) { node(id: $id) { ... on Channel { consentLedgerIntact } } }"
    return bool((await client.ask(query, id=id))["node"]["consentLedgerIntact"])


async def run(url: str, *statements: str) -> None:
    """Changes rows behind the system's back, all in one transaction."""
    path = sqlite_path(url)
    if path is None:
        connection = await asyncpg.connect(url)
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
        await connection.close()
        return
    with closing(sqlite3.connect(path, timeout=60, isolation_level=None)) as file:
        for statement in ("BEGIN IMMEDIATE", *statements, "COMMIT"):  # else it may be too late to write
            file.execute(statement)


#: Another value for each column of a record, as an SQL expression over the row.
OTHERS = {
    "topic_id": "CASE WHEN topic_id IS NULL THEN (SELECT id FROM topic WHERE account_id = {account}) END",
    "number": "number + 10",
    "act": "CASE act WHEN 'OPT_IN' THEN 'OPT_OUT' ELSE 'OPT_IN' END",
    "restored": "CASE restored WHEN 'OPTED_IN' THEN 'PENDING' ELSE 'OPTED_IN' END",
    "retracts": "coalesce(retracts, 0) + 1",
    "retracted_at": "CASE WHEN retracted_at IS NULL THEN recorded_at END",
    "time_given": "NOT time_given",
    "method": "'FORM'",
    "actor": "actor || '!'",
    "source_url": "'https://example.com'",
    "ip_address": "'203.0.113.7'",
    "user_agent": "'Phone'",
    "disclosure": "coalesce(disclosure, '') || '!'",
    "source_detail": "'Shop'",
    "digest": "replace(digest, substr(digest, 1, 1), 'x')",
    "previous_digest": "coalesce(previous_digest, '') || '0'",
}
TIMES = ("occurred_at", "recorded_at")


@pytest.mark.parametrize("column", [*OTHERS, *TIMES, "id"])
async def test_a_record_of_which_any_column_was_changed_shows(
    client: Client, ledger: str, database_url: str, column: str
) -> None:
    account, sqlite = client.account.account_id, database_url.startswith("sqlite")
    other = OTHERS.get(column, "").format(account=account)
    if column in TIMES:
        other = f"replace({column}, 'Z', '1Z')" if sqlite else f"{column} + interval '1 microsecond'"
    if column == "id":
        other = "randomblob(16)" if sqlite else "gen_random_uuid()"
    for number in (1, 3, 5, 6):
        mine = f"WHERE account_id = {account} AND number = {number}"
        assert await intact(client, ledger)
        columns = f"SELECT {column} AS kept FROM consent_record {mine}"
        keep = ("DROP TABLE IF EXISTS kept", f"CREATE TABLE kept AS {columns}")
        await run(database_url, *keep, f"UPDATE consent_record SET {column} = {other} {mine}")
        changed = mine.replace(f"number = {number}", f"number = {number + 10}") if column == "number" else mine
        assert not await intact(client, ledger), number
        back = f"UPDATE consent_record SET {column} = (SELECT kept FROM kept) {changed}"
        await run(database_url, back, "DROP TABLE kept")
    assert await intact(client, ledger)


async def test_a_check_of_the_whole_account_finds_what_was_changed(
    served: Served, client: Client, ledger: str, database_url: str
) -> None:
    account = client.account.account_id

    async def found() -> list[str]:
        async with served.database.reading(account) as reader:
            return [what for what, _ in await check.differences(reader, secret=b"a secret of the tests")]

    assert await found() == []
    for change, what in [
        ("UPDATE channel SET consent_status = 'PENDING'", "channel unlike its ledger"),
        ("UPDATE channel_topic SET status = 'OPTED_IN'", "preference unlike its ledger"),
        ("UPDATE consent_record SET actor = 'Nobody'", "ledger that is not as it was written"),
    ]:
        before = await found()
        await run(database_url, f"{change} WHERE account_id = {account}")
        assert sorted(await found()) == sorted([*before, what])


@pytest.mark.parametrize("number", [1, 2, 4, 6])
async def test_a_record_that_was_removed_shows_the_last_one_too(
    client: Client, ledger: str, database_url: str, number: int
) -> None:
    assert await intact(client, ledger)
    mine = f"account_id = {client.account.account_id} AND number = {number}"
    await run(database_url, f"DELETE FROM consent_record WHERE {mine}")
    assert not await intact(client, ledger)


async def test_records_that_were_added_or_reordered_show(client: Client, ledger: str, database_url: str) -> None:
    account = client.account.account_id
    mine = f"UPDATE consent_record SET number = {{}} WHERE account_id = {account} AND number = {{}}"
    swap = [mine.format(20, 1), mine.format(1, 3), mine.format(3, 20)]
    await run(database_url, *swap)
    assert not await intact(client, ledger)
    await run(database_url, *swap)
    assert await intact(client, ledger)
    id = "randomblob(16)" if database_url.startswith("sqlite") else "gen_random_uuid()"
    columns = (
        "account_id, channel_id, act, time_given, method, occurred_at, recorded_at, actor, digest, previous_digest"
    )
    copied = f"SELECT {columns}, {id}, 7 FROM consent_record WHERE account_id = {account} AND number = 4"
    await run(database_url, f"INSERT INTO consent_record ({columns}, id, number) {copied}")
    assert not await intact(client, ledger)


@pytest.mark.parametrize("change", ["consent_count = consent_count - 1", "consent_head = NULL"])
async def test_a_channel_that_forgets_how_its_ledger_ended_shows(
    client: Client, ledger: str, database_url: str, change: str
) -> None:
    assert await intact(client, ledger)
    await run(database_url, f"UPDATE channel SET {change} WHERE account_id = {client.account.account_id}")
    assert not await intact(client, ledger)
