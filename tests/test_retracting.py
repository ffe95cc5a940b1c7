"""Taking opt-ins back: they count as never said, whatever comes before or after, and that they were said stays."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from app.acts import Act, now
from app.channels import operations as channels
from app.channels.rules import Address
from app.consent import operations as consent
from app.consent.operations import undo_stop
from app.consent.queries import check
from app.consent.rules.evidence import Given
from app.db import Database, Writer
from app.kinds import ChannelKind
from app.profiles import operations as profiles
from app.tables import IntakeMethod, LedgerAct
from tests.client import Client
from tests.held import delete, uuid
from tests.retracting import SECRET, take_back

MOBILE, FILE, SHOP = "+14155552671", "https://files.example.com/1", "https://shop.example.com"
RECORD = """
mutation ($input: RecordConsentInput!) { recordConsent(input: $input) { userErrors { code } } }
"""
STANDS = """
query ($id: ID!) { node(id: $id) { ... on Channel {
  consent { status record { sourceUrl } } consentLedgerIntact
  consentHistory(first: 50) { nodes { status topic { key } } }
} } }
"""
AS_OF = """
query ($id: ID!, $at: DateTime!, $knownAt: DateTime) { node(id: $id) { ... on Channel {
  consentAsOf(at: $at, knownAt: $knownAt) { status }
} } }
"""
EXPIRE = """
mutation ($input: SetDeliverabilityInput!) { setDeliverability(input: $input) { userErrors { code } } }
"""
PREFERS = "{ profiles { nodes { preferences { topic { key } subscribed } } } }"


@pytest.fixture
async def id(client: Client) -> str:
    """A number that nothing is known of."""
    return str((await client.add_sms(MOBILE))["channels"][0]["id"])


async def say(client: Client, id: str, act: str, url: str = SHOP, **more: Any) -> None:
    said = {"act": act, "sourceUrl": url, **more}
    answer = await client.ask(RECORD, input={"channelId": id, "consent": said})
    assert answer["recordConsent"]["userErrors"] == []


async def stands(client: Client, id: str) -> Any:
    """What holds, and what was set by each entry, the last first; the ledger must be as it was written."""
    found = (await client.ask(STANDS, id=id))["node"]
    assert found["consentLedgerIntact"]
    return found["consent"]["status"], [node["status"] for node in found["consentHistory"]["nodes"]]


async def as_of(client: Client, id: str, at: str, known_at: str | None = None) -> str:
    answer = await client.ask(AS_OF, id=id, at=at, knownAt=known_at)
    return str(answer["node"]["consentAsOf"]["status"])


async def unlike(database: Database, client: Client) -> list[Any]:
    async with database.reading(client.account.account_id) as reader:
        return list(await check.differences(reader, secret=SECRET))


async def hear(database: Database, client: Client, id: str, act: LedgerAct) -> None:
    """A STOP or a START that comes in now."""
    by_text = Act(now(), "tests", IntakeMethod.INBOUND, SECRET)
    if act is LedgerAct.START:
        work: Any = partial(undo_stop, channel_id=uuid(id), text="START", act=by_text)
    else:
        work = partial(consent.record, given=[(uuid(id), Given(act, disclosure=act))], act=by_text)
    await database.write(client.account.account_id, work)


async def test_what_was_taken_back_counts_as_never_said_but_is_told(
    client: Client, database: Database, id: str
) -> None:
    await say(client, id, "OPT_IN", FILE, occurredAt="2026-01-01T00:00:00Z")
    known = now().isoformat()
    assert await take_back(database, client, url=FILE) == [uuid(id)]
    assert await stands(client, id) == ("NOT_COLLECTED", ["NOT_COLLECTED", "OPTED_IN"])
    assert await as_of(client, id, "2026-02-01T00:00:00Z") == "NOT_COLLECTED"
    assert await as_of(client, id, "2026-02-01T00:00:00Z", known) == "OPTED_IN"
    assert await as_of(client, id, now().isoformat(), now().isoformat()) == "NOT_COLLECTED"
    assert await take_back(database, client, url=FILE) == []
    assert len((await stands(client, id))[1]) == 2
    assert await unlike(database, client) == []


async def test_a_stop_and_a_start_do_not_bring_it_back(client: Client, database: Database, id: str) -> None:
    await say(client, id, "OPT_IN", FILE)
    await hear(database, client, id, LedgerAct.STOP)
    await take_back(database, client, url=FILE)
    assert (await stands(client, id))[0] == "OPTED_OUT"
    await hear(database, client, id, LedgerAct.START)
    assert await stands(client, id) == ("NOT_COLLECTED", ["NOT_COLLECTED", "OPTED_OUT", "OPTED_OUT", "OPTED_IN"])
    assert await unlike(database, client) == []


async def test_what_others_said_stays(client: Client, database: Database, id: str) -> None:
    await say(client, id, "OPT_IN", occurredAt="2026-01-01T00:00:00Z")
    await say(client, id, "OPT_IN", FILE, occurredAt="2026-01-02T00:00:00Z")
    await say(client, id, "OPT_OUT", FILE, occurredAt="2025-01-02T00:00:00Z")
    await take_back(database, client, url=FILE)
    assert await stands(client, id) == ("OPTED_IN", ["OPTED_IN", "OPTED_IN", "OPTED_IN", "OPTED_OUT"])
    assert (await client.ask(STANDS, id=id))["node"]["consent"]["record"] == {"sourceUrl": SHOP}
    await say(client, id, "OPT_OUT")
    await say(client, id, "OPT_IN", FILE, occurredAt=(now() - timedelta(hours=1)).isoformat())
    await take_back(database, client, url=FILE)
    assert (await stands(client, id))[0] == "OPTED_OUT"
    assert await unlike(database, client) == []


async def test_a_preference_that_was_taken_back_is_none(client: Client, database: Database, id: str) -> None:
    for key in ("news", "offers"):
        topic = {"key": key, "name": key}
        await client.ask(
            "mutation ($input: CreateTopicInput!) { createTopic(input: $input) { topic { id } } }", input=topic
        )
    await say(client, id, "OPT_OUT", topic="offers", occurredAt="2026-01-01T00:00:00Z")
    for key in ("news", "offers"):
        await say(client, id, "OPT_IN", FILE, topic=key, occurredAt="2026-01-02T00:00:00Z")
    assert await take_back(database, client, url=FILE) == [uuid(id)]
    [profile] = (await client.ask(PREFERS))["profiles"]["nodes"]
    assert profile["preferences"] == [{"topic": {"key": "offers"}, "subscribed": False}]
    nodes = (await client.ask(STANDS, id=id))["node"]["consentHistory"]["nodes"]
    assert sorted((node["topic"]["key"], node["status"]) for node in nodes[:2]) == [
        ("news", "NOT_COLLECTED"),
        ("offers", "OPTED_OUT"),
    ]
    assert await unlike(database, client) == []


async def test_who_had_left_before_the_contact_was_deleted_is_out_again(
    client: Client, database: Database, id: str
) -> None:
    await say(client, id, "OPT_OUT")
    await delete(client, (await client.add_sms(MOBILE))["profile"]["id"])
    id = (await client.add_sms(MOBILE))["channels"][0]["id"]
    assert await blocks(client, id) == ["NO_CONSENT", "SUPPRESSED"]
    await say(client, id, "OPT_IN", FILE, occurredAt=now().isoformat())
    assert await blocks(client, id) == []
    await take_back(database, client, url=FILE)
    assert await blocks(client, id) == ["NO_CONSENT", "SUPPRESSED"]
    for url in (FILE, SHOP):
        await say(client, id, "OPT_IN", url, occurredAt=now().isoformat())
    await take_back(database, client, url=FILE)
    assert await blocks(client, id) == []


async def blocks(client: Client, id: str) -> list[str]:
    """What stands against sending at noon in California."""
    query = """query ($id: ID!) { node(id: $id) { ... on Channel {
      sendability(at: "2026-03-02T20:00:00Z") { blocks { reason } } } } }"""
    answer = await client.ask(query, id=id)
    return [block["reason"] for block in answer["node"]["sendability"]["blocks"]]


async def test_many_are_taken_back_at_once(client: Client, database: Database) -> None:
    count = 200
    act = Act(now(), "tests", IntakeMethod.IMPORT, SECRET)
    await database.write(client.account.account_id, partial(fill, count=count, act=act))
    assert len(await take_back(database, client, url=FILE)) == count
    found = await client.ask("{ channelCounts { consent count } }")
    assert found["channelCounts"] == [{"consent": "OPTED_IN", "count": count}]
    assert await unlike(database, client) == []


async def fill(writer: Writer, *, count: int, act: Act) -> None:
    """Channels that opted in themselves, and were opted in by a file twice."""
    members = [channels.born(Address(ChannelKind.EMAIL, f"{n}@example.com"), act) for n in range(count)]
    channels.add(writer, channels=members, suppressed={}, act=act)
    earlier = act.at - timedelta(days=1)
    said = [Given(LedgerAct.OPT_IN, earlier, SHOP), *[Given(LedgerAct.OPT_IN, source_url=FILE)] * 2]
    given = [(member.id, each) for member in members for each in said]
    await consent.append(writer, given=given, born=dict.fromkeys(member.id for member in members), act=act)
    await profiles.maintain(writer, ids=[member.profile_id for member in members])
