"""Consent that comes with a contact: recorded with its evidence, channel by channel."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.client import Client

ANN, TEL = "ann@example.com", "+14155552671"
IN = {"act": "OPT_IN", "disclosure": "Yes, text me."}
CONSENT = """
query ($id: ID!) { profile(by: {id: $id}) { channels { kind consent { status updatedAt record {
  status method occurredAt actor disclosure sourceUrl ipAddress userAgent sourceDetail previousDigest digest
} } } } }
"""


async def consents(client: Client, added: Any) -> dict[str, Any]:
    channels = (await client.ask(CONSENT, id=added["profile"]["id"]))["profile"]["channels"]
    return {channel["kind"]: channel["consent"] for channel in channels}


def at(**ago: float) -> str:
    return (datetime.now(UTC) - timedelta(**ago)).isoformat()


async def test_consent_is_recorded_on_its_own_channel_with_its_evidence(client: Client) -> None:
    given = {**IN, "sourceUrl": "https://shop.example.com/join", "ipAddress": "203.0.113.7", "userAgent": "Phone"}
    added = await client.add_sms(TEL, ANN, smsConsent=given, sourceDetail="Checkout")
    found = await consents(client, added)
    assert found["EMAIL"] == {"status": "NOT_COLLECTED", "updatedAt": None, "record": None}
    assert found["SMS"]["status"] == "OPTED_IN"
    record = found["SMS"]["record"]
    assert len(record.pop("digest")) == 64
    assert record == {
        "status": "OPTED_IN",
        "method": "API",
        "occurredAt": found["SMS"]["updatedAt"],
        "actor": "tests",
        "disclosure": "Yes, text me.",
        "sourceUrl": "https://shop.example.com/join",
        "ipAddress": "203.0.113.7",
        "userAgent": "Phone",
        "sourceDetail": "Checkout",
        "previousDigest": None,
    }


async def test_linking_never_transfers_consent(client: Client) -> None:
    await client.add_email(ANN, emailConsent={"act": "OPT_OUT"})
    added = await client.add_sms(TEL, ANN, smsConsent=IN)
    assert {kind: c["status"] for kind, c in (await consents(client, added)).items()} == {
        "EMAIL": "OPTED_OUT",
        "SMS": "OPTED_IN",
    }


@pytest.mark.parametrize("evidence", [{}, {"disclosure": " "}, {"sourceUrl": ""}, {"ipAddress": "203.0.113.7"}])
async def test_an_opt_in_without_evidence_refuses_the_whole_call(client: Client, evidence: dict[str, str]) -> None:
    added = await client.add_sms(TEL, smsConsent={"act": "OPT_IN", **evidence})
    [error] = added["userErrors"]
    assert (error["code"], error["field"]) == ("CONSENT_EVIDENCE_REQUIRED", ["smsConsent"])
    assert added["profile"] is None
    assert (await client.ask("{ profiles { totalCount } }"))["profiles"]["totalCount"] == 0


@pytest.mark.parametrize("address", ["", "example.com", "203.0.113.7.", "fe80::1%" + "x" * 1_000])
async def test_what_is_no_ip_address_is_no_evidence(client: Client, address: str) -> None:
    added = await client.add_sms(TEL, smsConsent={**IN, "ipAddress": address})
    [error] = added["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["smsConsent", "ipAddress"])
    assert added["profile"] is None


async def test_an_opt_in_without_a_time_never_beats_an_opt_out_and_the_rest_is_applied(client: Client) -> None:
    await client.add_sms(TEL, smsConsent={"act": "OPT_OUT"})
    added = await client.add_sms(TEL, ANN, smsConsent=IN, emailConsent=IN, tags=["kept"])
    assert added["userErrors"] == []
    [refused] = added["consentRefused"]
    assert (refused["code"], refused["channel"]) == ("CONSENT_REFUSED", {"address": TEL})
    found = await consents(client, added)
    assert (found["SMS"]["status"], found["EMAIL"]["status"]) == ("OPTED_OUT", "OPTED_IN")
    assert (await client.ask("{ tags }"))["tags"] == ["kept"]


async def test_an_opt_in_with_its_own_later_time_beats_an_opt_out(client: Client) -> None:
    await client.add_sms(TEL, smsConsent={"act": "OPT_OUT", "occurredAt": at(hours=2)})
    added = await client.add_sms(TEL, smsConsent={**IN, "occurredAt": at(hours=1)})
    assert added["consentRefused"] == []
    assert (await consents(client, added))["SMS"]["status"] == "OPTED_IN"


async def test_an_older_record_that_arrives_late_is_kept_and_changes_nothing(client: Client) -> None:
    await client.add_sms(TEL, smsConsent={"act": "OPT_OUT", "occurredAt": at(hours=1)})
    added = await client.add_sms(TEL, smsConsent={**IN, "occurredAt": at(hours=2)})
    assert added["consentRefused"] == []
    assert (await consents(client, added))["SMS"]["status"] == "OPTED_OUT"


async def test_on_a_tie_opting_out_wins_whichever_came_first(client: Client) -> None:
    moment = at(hours=1)
    acts = [{"act": "OPT_OUT", "occurredAt": moment}, {**IN, "occurredAt": moment}]
    for number, order in enumerate([acts, acts[::-1]]):
        for act in order:
            added = await client.add_sms(f"+1415555010{number}", smsConsent=act)
        assert (await consents(client, added))["SMS"]["status"] == "OPTED_OUT"


async def test_up_to_five_minutes_ahead_counts_as_now_and_beyond_is_refused(client: Client) -> None:
    added = await client.add_sms(TEL, smsConsent={**IN, "occurredAt": at(minutes=-4)})
    assert (await consents(client, added))["SMS"]["updatedAt"] < at(minutes=-1)
    refused = await client.add_sms("+14155550101", smsConsent={**IN, "occurredAt": at(minutes=-6)})
    [error] = refused["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["smsConsent", "occurredAt"])


async def test_each_record_is_chained_to_the_one_before(client: Client) -> None:
    first = await consents(client, await client.add_sms(TEL, smsConsent=IN))
    second = await consents(client, await client.add_sms(TEL, smsConsent={"act": "OPT_OUT"}))
    assert second["SMS"]["record"]["previousDigest"] == first["SMS"]["record"]["digest"]
    assert second["SMS"]["record"]["digest"] != first["SMS"]["record"]["digest"]


async def test_consent_for_an_address_that_is_missing_is_refused(client: Client) -> None:
    added = await client.add_sms(TEL, emailConsent=IN)
    [error] = added["userErrors"]
    assert (error["code"], error["field"]) == ("INVALID_VALUE", ["emailConsent"])
