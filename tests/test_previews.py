"""A preview says what would be done, and does nothing."""

from typing import Any

from tests.client import Client
from tests.deciding import EXPORT, merge, proposals, resolve

ANN, BOB, INFO = "ann@example.com", "bob@example.com", "info@example.com"
MOBILE, OTHER = "+14155550100", "+14155550101"
PREVIEW = """
query Preview($of: LinkPreviewInput!) {
  linkPreview(of: $of) {
    outcome explanation guard survivor { id } absorbed { id }
    channelsAfter { kind address channel { id address } consent }
    fieldsAfter { key value losing }
  }
}
"""


async def preview(client: Client, **of: Any) -> Any:
    """The preview; nothing may have changed by it."""
    before = await client.ask(EXPORT)
    found = (await client.ask(PREVIEW, of=of))["linkPreview"]
    assert await client.ask(EXPORT) == before
    return found


async def test_two_unknown_addresses_would_be_a_new_profile(client: Client) -> None:
    found = await preview(client, addresses={"emailAddress": ANN, "mobileNumber": "415 555 0100"})
    assert (found["outcome"], found["guard"], found["survivor"], found["absorbed"]) == ("CREATED", None, None, [])
    assert found["channelsAfter"] == [
        {"kind": "EMAIL", "address": ANN, "channel": None, "consent": "NOT_COLLECTED"},
        {"kind": "SMS", "address": MOBILE, "channel": None, "consent": "NOT_COLLECTED"},
    ]
    assert await client.ask("{ profiles { totalCount } }") == {"profiles": {"totalCount": 0}}


async def test_a_known_address_would_be_joined(client: Client) -> None:
    known = await client.add_email(ANN, emailConsent={"act": "OPT_OUT"}, customFields={"plan": "pro"})
    found = await preview(client, addresses={"emailAddress": ANN, "mobileNumber": MOBILE})
    assert (found["outcome"], found["survivor"], found["absorbed"]) == ("LINKED", known["profile"], [])
    assert [(each["address"], each["consent"], each["channel"] is None) for each in found["channelsAfter"]] == [
        (ANN, "OPTED_OUT", False),
        (MOBILE, "NOT_COLLECTED", True),
    ]
    assert found["fieldsAfter"] == [{"key": "plan", "value": "pro", "losing": []}]
    assert (await client.add_sms(MOBILE, ANN))["link"]["explanation"] == found["explanation"]


async def test_a_merge_would_show_the_newest_values_and_names_those_that_lose(client: Client) -> None:
    one = await client.add_email(ANN, customFields={"first_name": "Ann", "plan": "pro", "old": 1})
    other = await client.add_sms(MOBILE, customFields={"first_name": "Anna", "plan": "pro", "size": 4})
    ids = [one["profile"]["id"], other["profile"]["id"]]
    found = await preview(client, profileIds=ids[::-1])
    assert (found["outcome"], found["survivor"]["id"], found["absorbed"]) == ("MERGED", ids[0], [{"id": ids[1]}])
    assert found["fieldsAfter"] == [
        {"key": "first_name", "value": "Anna", "losing": ["Ann"]},
        {"key": "old", "value": 1, "losing": []},
        {"key": "plan", "value": "pro", "losing": []},
        {"key": "size", "value": 4, "losing": []},
    ]
    merged = await merge(client, *ids)
    shown = await client.ask("{ profiles { nodes { customFields channels { address } } } }")
    [node] = shown["profiles"]["nodes"]
    assert merged["profile"]["id"] == ids[0]
    assert node["customFields"] == {each["key"]: each["value"] for each in found["fieldsAfter"]}
    assert node["channels"] == [{"address": each["address"]} for each in found["channelsAfter"]]
    again = await preview(client, profileIds=ids)
    assert (again["outcome"], again["survivor"]["id"], again["absorbed"]) == ("UNCHANGED", ids[0], [])


async def test_a_guard_would_stop_it_and_accepting_would_not(client: Client) -> None:
    await client.add_sms(MOBILE, INFO)
    await client.add_sms(OTHER)
    found = await preview(client, addresses={"emailAddress": INFO, "mobileNumber": OTHER})
    assert (found["outcome"], found["guard"], found["absorbed"]) == ("PROPOSED", "ROLE_ADDRESS", [])
    assert (await client.add_sms(OTHER, INFO))["link"]["explanation"] == found["explanation"]
    [proposal] = await proposals(client)
    accepted = await preview(client, proposalId=proposal["id"])
    assert (accepted["outcome"], accepted["guard"]) == ("MERGED", None)
    assert {each["address"] for each in accepted["channelsAfter"]} == {MOBILE, INFO, OTHER}
    assert (await resolve(client, proposal["id"], accept=True))["link"]["outcome"] == "MERGED"
    assert (await preview(client, proposalId=proposal["id"]))["outcome"] == "UNCHANGED"


async def test_a_never_link_would_stop_a_merge_by_hand(client: Client) -> None:
    await client.add_sms(MOBILE, INFO)
    await client.add_sms(OTHER)
    await client.add_sms(OTHER, INFO)
    [proposal] = await proposals(client)
    await resolve(client, proposal["id"], accept=False)
    found = await preview(client, profileIds=[node["id"] for node in proposal["profiles"]])
    assert (found["outcome"], found["guard"]) == ("PROPOSED", "NEVER_LINK")


async def test_unknown_ids_have_no_preview_and_bad_addresses_are_told(client: Client, stranger: Client) -> None:
    mine = (await client.add_email(ANN))["profile"]["id"]
    foreign = (await stranger.add_email(BOB))["profile"]["id"]
    assert await preview(client, profileIds=[mine, foreign]) is None
    assert await preview(client, profileIds=[mine]) is None
    assert await preview(client, proposalId="link_proposal_x") is None
    [error] = await client.errors(PREVIEW, of={"addresses": {"emailAddress": "nonsense", "mobileNumber": MOBILE}})
    assert error["extensions"]["code"] == "BAD_USER_INPUT"
