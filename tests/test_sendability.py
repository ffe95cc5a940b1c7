"""The send gate: whether a channel may be sent something, and every reason why not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.client import Client
from tests.deciding import codes

ANN, TEL = "ann@example.com", "+14155552671"  # San Francisco
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}
NOON, NIGHT = "2026-03-02T12:00:00-08:00", "2026-03-02T23:30:00-08:00"
SENDABLE = """
query ($id: ID!, $at: DateTime, $purpose: MessagePurpose! = MARKETING, $topic: String) {
  node(id: $id) { ... on Channel { sendability(at: $at, purpose: $purpose, topic: $topic) {
    allowed holdUntil blocks { reason until record { status topic { key } } }
} } } }
"""
RECORD = """
mutation ($input: RecordConsentInput!) { recordConsent(input: $input) {
  channel { consent { status } } userErrors { code field message }
} }
"""
DELIVERABILITY = """
mutation ($input: SetDeliverabilityInput!) { setDeliverability(input: $input) {
  channel { deliverability deliverabilityReason deliverabilitySince } userErrors { code field }
} }
"""
TOPIC = """
mutation ($input: CreateTopicInput!) { createTopic(input: $input) {
  topic { id key name } userErrors { code field }
} }
"""
PREFER = """
mutation ($input: SetPreferencesInput!) { setPreferences(input: $input) {
  profile { preferences { topic { key } channelKind subscribed } } userErrors { code field }
} }
"""


async def channels(client: Client, **consents: Any) -> tuple[str, str, str]:
    """The ids of a profile, its email channel and its SMS channel."""
    added = await client.add_sms(TEL, ANN, **consents)
    ids = {channel["kind"]: channel["id"] for channel in added["channels"]}
    return added["profile"]["id"], ids["EMAIL"], ids["SMS"]


async def sendable(client: Client, id: str, at: str = NOON, **given: Any) -> Any:
    return (await client.ask(SENDABLE, id=id, at=at, **given))["node"]["sendability"]


async def reasons(client: Client, id: str, at: str = NOON, **given: Any) -> list[str]:
    found = await sendable(client, id, at, **given)
    assert found["allowed"] is (found["blocks"] == [])
    return [block["reason"] for block in found["blocks"]]


async def record(client: Client, id: str, **consent: Any) -> Any:
    return (await client.ask(RECORD, input={"channelId": id, "consent": consent}))["recordConsent"]


async def test_marketing_needs_an_opt_in_and_transactional_messages_none(client: Client) -> None:
    _, email, sms = await channels(client, smsConsent=IN)
    assert await reasons(client, sms) == []
    assert await reasons(client, email) == ["NO_CONSENT"]
    assert await reasons(client, email, purpose="TRANSACTIONAL") == []


async def test_an_opt_out_from_texts_stands_against_both_and_one_from_email_against_marketing(client: Client) -> None:
    _, email, sms = await channels(client, smsConsent={"act": "OPT_OUT"}, emailConsent={"act": "OPT_OUT"})
    for purpose, id, expected in [
        ("MARKETING", sms, ["OPTED_OUT"]),
        ("TRANSACTIONAL", sms, ["OPTED_OUT"]),
        ("MARKETING", email, ["OPTED_OUT"]),
        ("TRANSACTIONAL", email, []),
    ]:
        assert await reasons(client, id, purpose=purpose) == expected
    [block] = (await sendable(client, sms))["blocks"]
    assert block["record"] == {"status": "OPTED_OUT", "topic": None}


async def test_quiet_hours_hold_marketing_texts_by_the_zones_of_the_number(client: Client) -> None:
    _, email, sms = await channels(client, smsConsent=IN, emailConsent=IN)
    held = await sendable(client, sms, NIGHT)
    morning = "2026-03-03T16:00:00.000000Z"  # 8 in San Francisco
    assert held == {
        "allowed": False,
        "holdUntil": morning,
        "blocks": [{"reason": "QUIET_HOURS", "until": morning, "record": None}],
    }
    assert await reasons(client, sms, "2026-03-02T20:59:59-08:00") == []
    assert await reasons(client, sms, "2026-03-02T21:00:00-08:00") == ["QUIET_HOURS"]
    assert await reasons(client, sms, "2026-03-03T08:00:00-08:00") == []
    assert await reasons(client, sms, NIGHT, purpose="TRANSACTIONAL") == []
    assert await reasons(client, email, NIGHT) == []


async def test_what_is_held_for_good_is_not_held_until_morning(client: Client) -> None:
    _, _, sms = await channels(client)
    held = await sendable(client, sms, NIGHT)
    assert [block["reason"] for block in held["blocks"]] == ["NO_CONSENT", "QUIET_HOURS"]
    assert held["holdUntil"] is None


@pytest.mark.parametrize("state", ["HELD", "EXPIRED", "BANNED"])
async def test_what_does_not_arrive_is_not_sent_until_it_is_released(client: Client, state: str) -> None:
    _, _, sms = await channels(client, smsConsent=IN)
    given = {"channelId": sms, "deliverability": state, "reason": " Bounced twice. "}
    changed = (await client.ask(DELIVERABILITY, input=given))["setDeliverability"]["channel"]
    assert (changed["deliverability"], changed["deliverabilityReason"]) == (state, "Bounced twice.")
    for purpose in ("MARKETING", "TRANSACTIONAL"):
        assert await reasons(client, sms, purpose=purpose) == [state]
    await client.ask(DELIVERABILITY, input={**given, "deliverability": "ACTIVE"})
    assert await reasons(client, sms) == []


async def test_a_new_opt_in_ends_expired_and_not_banned(client: Client) -> None:
    _, email, sms = await channels(client, smsConsent=IN, emailConsent=IN)
    for id, state in ((email, "BANNED"), (sms, "EXPIRED")):
        await client.ask(DELIVERABILITY, input={"channelId": id, "deliverability": state, "reason": "Moved."})
    before = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    await record(client, sms, **IN, occurredAt=before)
    assert await reasons(client, sms) == ["EXPIRED"]
    for id in (email, sms):
        await record(client, id, **IN)
    assert (await reasons(client, sms), await reasons(client, email)) == ([], ["BANNED"])


async def test_a_topic_may_be_sent_unless_it_was_opted_out_of(client: Client) -> None:
    profile, email, sms = await channels(client, smsConsent=IN, emailConsent=IN)
    made = (await client.ask(TOPIC, input={"key": "offers", "name": "Offers"}))["createTopic"]
    assert made["topic"] == {"id": made["topic"]["id"], "key": "offers", "name": "Offers"}
    assert await reasons(client, sms, topic="offers") == []
    await record(client, sms, act="OPT_OUT", topic="offers")
    assert await reasons(client, sms, topic="offers") == ["TOPIC_OPTED_OUT"]
    [block] = (await sendable(client, sms, topic="offers"))["blocks"]
    assert block["record"] == {"status": "OPTED_OUT", "topic": {"key": "offers"}}
    assert await reasons(client, sms) == await reasons(client, email, topic="offers") == []
    preferred = [{"topic": "offers", "channelKind": kind, "subscribed": True} for kind in ("SMS", "EMAIL")]
    changed = (await client.ask(PREFER, input={"profileId": profile, "preferences": preferred}))["setPreferences"]
    assert changed["profile"]["preferences"] == [
        {"topic": {"key": "offers"}, "channelKind": kind, "subscribed": True} for kind in ("EMAIL", "SMS")
    ]
    assert await reasons(client, sms, topic="offers") == []


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize("said", [[True, False], [False, True], [True, False, True] * 100])
async def test_of_a_preference_that_is_said_both_ways_at_once_the_opt_out_wins(
    client: Client, before: bool, said: list[bool]
) -> None:
    profile, email, _ = await channels(client, emailConsent=IN)
    await client.ask(TOPIC, input={"key": "news", "name": "News"})
    for subscribed in ([before], said):
        wishes = [{"topic": "news", "channelKind": "EMAIL", "subscribed": each} for each in subscribed]
        told = (await client.ask(PREFER, input={"profileId": profile, "preferences": wishes}))["setPreferences"]
    assert told["profile"]["preferences"] == [{"topic": {"key": "news"}, "channelKind": "EMAIL", "subscribed": False}]
    assert await reasons(client, email, topic="news") == ["TOPIC_OPTED_OUT"]


async def test_what_is_wrong_with_preferences_and_topics_is_told_beside_its_field(client: Client) -> None:
    added = await client.add_email(ANN)
    await client.ask(TOPIC, input={"key": "offers", "name": "Offers"})
    profile = added["profile"]["id"]
    unknown = {"topic": "nothing", "channelKind": "EMAIL", "subscribed": False}
    missing = {"topic": "offers", "channelKind": "SMS", "subscribed": False}
    for wrong, expected in [
        (unknown, ("NOT_FOUND", ["preferences", "0", "topic"])),
        (missing, ("NOT_FOUND", ["preferences", "0", "channelKind"])),
    ]:
        given = {"profileId": profile, "preferences": [wrong]}
        assert codes((await client.ask(PREFER, input=given))["setPreferences"]) == [expected]
    for key, name, expected in [
        ("offers", "Again", ("ALREADY_EXISTS", ["key"])),
        ("No Spaces", "Name", ("INVALID_VALUE", ["key"])),
        ("news", " ", ("INVALID_VALUE", ["name"])),
    ]:
        assert codes((await client.ask(TOPIC, input={"key": key, "name": name}))["createTopic"]) == [expected]
    assert (await client.ask("{ topics { key name } }"))["topics"] == [{"key": "offers", "name": "Offers"}]


async def test_refused_consents_change_nothing(client: Client, stranger: Client) -> None:
    _, _, sms = await channels(client, smsConsent={"act": "OPT_OUT"})
    ahead = (datetime.now(UTC) + timedelta(minutes=6)).isoformat()
    for consent, expected in [
        ({"act": "OPT_IN"}, ("CONSENT_EVIDENCE_REQUIRED", ["consent"])),
        ({**IN, "occurredAt": ahead}, ("INVALID_VALUE", ["consent", "occurredAt"])),
        ({**IN, "topic": "nothing"}, ("NOT_FOUND", ["consent", "topic"])),
        (IN, ("CONSENT_REFUSED", ["consent"])),
    ]:
        assert codes(await record(client, sms, **consent)) == [expected]
    assert codes(await record(stranger, sms, **IN)) == [("NOT_FOUND", ["channelId"])]
    assert codes(await record(client, "channel_nonsense", **IN)) == [("NOT_FOUND", ["channelId"])]
    history = "query ($id: ID!) { node(id: $id) { ... on Channel { consentHistory { totalCount } } } }"
    assert (await client.ask(history, id=sms))["node"]["consentHistory"]["totalCount"] == 1


async def test_channels_are_counted_by_kind_consent_and_deliverability(client: Client) -> None:
    await channels(client, smsConsent=IN)
    await client.add_email("bob@example.com")
    counts = (await client.ask("{ channelCounts { kind consent deliverability count } }"))["channelCounts"]
    assert counts == [
        {"kind": "EMAIL", "consent": "NOT_COLLECTED", "deliverability": "ACTIVE", "count": 2},
        {"kind": "SMS", "consent": "OPTED_IN", "deliverability": "ACTIVE", "count": 1},
    ]
