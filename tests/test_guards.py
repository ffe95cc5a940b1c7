"""Guards: what keeps data from gluing strangers, and how a person decides."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import String, update

from app.accounts.operations import set_guards
from app.acts import now
from app.db import Database, changing, param, table
from app.db.types import Time
from app.tables import Channel
from tests.client import Client
from tests.deciding import (
    EXPORT,
    add_channel,
    addresses,
    codes,
    merge,
    profiles,
    proposals,
    replace,
    resolve,
    undo,
    unlink,
)

_channel = table(Channel)
RESTRICT = changing(
    update(_channel).where(_channel.c.address == param("of", String())).values(restricted_at=param("at", Time()))
)
KEPT_APART = "channels { address } neverLinks { oneSide { address } otherSide { address } }"
ANN, BOB, INFO = "ann@example.com", "bob@example.com", "info@example.com"
MOBILE, OTHER = "+14155550100", "+14155550101"


async def guarded(client: Client, database: Database, **guards: Any) -> None:
    """Sets the guards of the client's account, before its first request."""
    await database.write(client.account.account_id, partial(set_guards, **guards))


async def test_a_profile_over_its_limit_is_proposed_and_the_data_is_kept(client: Client, database: Database) -> None:
    await guarded(client, database, max_channels_per_kind=2)
    await client.add_sms(MOBILE, ANN)
    await client.add_sms(MOBILE, BOB)
    added = await client.add_sms(
        MOBILE, "third@example.com", customFields={"plan": "pro"}, emailConsent={"act": "OPT_OUT"}
    )
    assert added["userErrors"] == []
    assert added["link"]["outcome"] == "PROPOSED"
    [proposal] = await proposals(client)
    assert (proposal["reason"], proposal["status"]) == ("CHANNEL_LIMIT", "OPEN")
    assert addresses(proposal) == {MOBILE, "third@example.com"}
    assert len(proposal["profiles"]) == 2
    found = await profiles(client, "channels { address consent { status } } customFields")
    [third] = [node for node in found if addresses(node) == {"third@example.com"}]
    assert third["channels"][0]["consent"]["status"] == "OPTED_OUT"
    assert third["customFields"] == {}
    [own] = [node for node in found if node is not third]
    assert own["customFields"] == {"plan": "pro"}
    again = await client.add_sms(MOBILE, "third@example.com")
    assert again["link"]["outcome"] == "PROPOSED"
    assert len(await proposals(client)) == 1


async def test_a_merge_by_hand_over_the_limit_is_refused_and_accepting_overrules(
    client: Client, database: Database
) -> None:
    await guarded(client, database, max_channels_per_kind=1)
    one, other = await client.add_sms(MOBILE, ANN), await client.add_email(BOB)
    refused = await merge(client, one["profile"]["id"], other["profile"]["id"])
    assert codes(refused) == [("CHANNEL_LIMIT", ["profileIds"])]
    assert (await client.add_sms(MOBILE, BOB))["link"]["outcome"] == "PROPOSED"
    [proposal] = await proposals(client, "OPEN")
    accepted = await resolve(client, proposal["id"], accept=True)
    assert accepted["userErrors"] == []
    assert accepted["proposal"]["status"] == "ACCEPTED"
    assert accepted["link"]["outcome"] == "MERGED"
    assert len(accepted["link"]["merges"]) == 1
    [profile] = await profiles(client, "channels { address }")
    assert addresses(profile) == {MOBILE, ANN, BOB}
    assert codes(await resolve(client, proposal["id"], accept=False)) == [("INVALID_STATE", ["id"])]


async def test_a_role_mailbox_links_but_does_not_merge(client: Client) -> None:
    assert (await client.add_sms(MOBILE, INFO))["link"]["outcome"] == "CREATED"
    await client.add_sms(OTHER)
    assert (await client.add_sms(OTHER, INFO))["link"]["outcome"] == "PROPOSED"
    [proposal] = await proposals(client)
    assert proposal["reason"] == "ROLE_ADDRESS"
    profiles = [node["id"] for node in proposal["profiles"]]
    assert (await merge(client, *profiles))["userErrors"] == []  # a person may
    [proposal] = await proposals(client)
    assert proposal["status"] == "SUPERSEDED"
    assert await proposals(client, "OPEN") == []
    assert codes(await resolve(client, proposal["id"], accept=True)) == [("INVALID_STATE", ["id"])]


async def test_rejecting_keeps_the_two_apart_for_good(client: Client) -> None:
    await client.add_sms(MOBILE, INFO)
    await client.add_sms(OTHER)
    await client.add_sms(OTHER, INFO)
    [proposal] = await proposals(client)
    rejected = await resolve(client, proposal["id"], accept=False)
    assert rejected["userErrors"] == []
    assert rejected["proposal"]["status"] == "REJECTED"
    assert rejected["proposal"]["resolvedBy"] == "tests"
    assert rejected["link"] is None
    refused = await merge(client, *(node["id"] for node in proposal["profiles"]))
    assert codes(refused) == [("CONFLICT", ["profileIds"])]
    await client.add_sms(OTHER, INFO)
    [newest, _] = await proposals(client)
    assert (newest["reason"], newest["status"]) == ("NEVER_LINK", "OPEN")
    accepted = await resolve(client, newest["id"], accept=True)  # overrules the never-link, which is lifted
    assert accepted["userErrors"] == []
    [profile] = await profiles(client, "neverLinks { id }")
    assert profile["neverLinks"] == []


async def test_a_never_link_holds_for_the_whole_profile_that_would_arise(client: Client) -> None:
    await client.add_sms(MOBILE, ANN)
    await client.add_sms(OTHER)
    merged = await client.add_sms(OTHER, ANN)
    await undo(client, merged["link"]["merges"][0]["id"])
    assert (await client.add_sms(OTHER, BOB))["link"]["outcome"] == "LINKED"
    assert (await client.add_sms(MOBILE, BOB))["link"]["outcome"] == "PROPOSED"


async def test_a_restricted_profile_neither_gains_nor_loses_links_but_by_hand(
    client: Client, database: Database
) -> None:
    added = await client.add_sms(MOBILE, ANN)
    await restrict(client, database, ANN)
    assert (await client.add_sms(MOBILE, BOB))["link"]["outcome"] == "PROPOSED"
    [proposal] = await proposals(client)
    assert proposal["reason"] == "PROCESSING_RESTRICTED"
    assert (await client.add_sms(MOBILE, ANN))["link"]["outcome"] == "UNCHANGED"
    found = await profiles(client, "id links { id } channels { id address }")
    [profile] = [node for node in found if node["id"] == added["profile"]["id"]]
    assert len(profile["links"]) == 1
    assert (await resolve(client, proposal["id"], accept=True))["link"]["outcome"] == "MERGED"
    assert (await unlink(client, profile["channels"][0]["id"]))["userErrors"] == []


async def restrict(client: Client, database: Database, address: str) -> None:
    """Restricts processing of what the address carries, in the database itself."""
    await database.write(client.account.account_id, lambda writer: writer.execute(RESTRICT, of=address, at=now()))


@pytest.mark.parametrize(
    ("mobile", "email"),
    [
        ("+14155550100", "none@none.com"),
        ("+14155550100", "NoReply@shop.example"),
        ("+14155550100", "no-reply@shop.example"),
        ("+14155550100", "someone@nowhere.invalid"),
        ("1234567890", "ann@example.com"),
        ("(111) 111-1111", "ann@example.com"),
        ("+1 555 555 5555", "ann@example.com"),
        ("+14155550999", "ann@example.com"),
    ],
)
async def test_a_placeholder_makes_no_channel_and_the_payload_says_so(
    client: Client, database: Database, mobile: str, email: str
) -> None:
    await guarded(client, database, placeholder_patterns=["*@nowhere.invalid", "+1415555099?"])
    added = await client.add_sms(mobile, email, customFields={"plan": "pro"})
    assert added["userErrors"] == []
    assert added["link"]["outcome"] == "CREATED"
    [channel] = added["channels"]
    aside = {mobile, email} - {channel["address"]}
    assert all(text in added["link"]["explanation"] for text in aside)
    own = "mobileNumber" if channel["kind"] == "EMAIL" else "emailAddress"
    kind = "addSmsContact" if own == "mobileNumber" else "addEmailContact"
    only = aside.pop()
    type_ = "AddSmsContactInput" if own == "mobileNumber" else "AddEmailContactInput"
    alone = (
        f"mutation ($input: {type_}!) {{ {kind}(input: $input) {{ profile {{ id }} userErrors {{ code field }} }} }}"
    )
    refused = (await client.ask(alone, input={own: only}))[kind]
    assert codes(refused) == [("BLOCKED_IDENTIFIER", [own])]


async def test_a_channel_is_added_to_a_profile_by_any_of_its_ids(client: Client) -> None:
    one, other = await client.add_email(ANN), await client.add_email(BOB)
    await merge(client, one["profile"]["id"], other["profile"]["id"])
    consent = {"act": "OPT_IN", "disclosure": "I agree."}
    added = await add_channel(client, profileId=other["profile"]["id"], mobileNumber="415 555 0100", consent=consent)
    assert added["userErrors"] == []
    assert added["link"]["outcome"] == "LINKED"
    assert added["profile"]["id"] == one["profile"]["id"]
    assert {channel["address"]: channel["consent"]["status"] for channel in added["profile"]["channels"]} == {
        ANN: "NOT_COLLECTED", BOB: "NOT_COLLECTED", MOBILE: "OPTED_IN",
    }  # fmt: skip
    again = await add_channel(client, profileId=one["profile"]["id"], emailAddress=ANN)
    assert again["link"]["outcome"] == "UNCHANGED"
    for wrong, code in [
        ({"profileId": one["profile"]["id"]}, ("INVALID_VALUE", ["emailAddress"])),
        ({"profileId": "profile_x", "emailAddress": "e@example.com"}, ("NOT_FOUND", ["profileId"])),
        ({"profileId": one["profile"]["id"], "emailAddress": "nonsense"}, ("INVALID_EMAIL", ["emailAddress"])),
    ]:
        assert codes(await add_channel(client, **wrong)) == [code]


async def test_a_replaced_channel_expires_and_the_new_one_starts_without_consent(client: Client) -> None:
    added = await client.add_sms(MOBILE, ANN, emailConsent={"act": "OPT_IN", "disclosure": "I agree."})
    old = next(channel for channel in added["channels"] if channel["address"] == ANN)
    replaced = await replace(client, old["id"], emailAddress="new@example.com")
    assert replaced["userErrors"] == []
    assert replaced["link"]["outcome"] == "LINKED"
    assert replaced["profile"]["email"]["address"] == "new@example.com"
    by_address = {channel["address"]: channel for channel in replaced["profile"]["channels"]}
    assert by_address[ANN]["deliverability"] == "EXPIRED"
    assert by_address[ANN]["consent"]["status"] == "OPTED_IN"
    assert by_address["new@example.com"]["consent"]["status"] == "NOT_COLLECTED"
    assert by_address["new@example.com"]["isPrimary"]
    before = await client.ask(EXPORT)
    for channel_id, wrong, code in [
        (old["id"], {"mobileNumber": OTHER}, ("INVALID_VALUE", ["mobileNumber"])),
        (old["id"], {"emailAddress": ANN}, ("INVALID_VALUE", ["emailAddress"])),
        ("channel_x", {"emailAddress": ANN}, ("NOT_FOUND", ["channelId"])),
    ]:
        assert codes(await replace(client, channel_id, **wrong)) == [code]
    assert await client.ask(EXPORT) == before


async def test_overruling_a_never_link_leaves_what_it_says_of_other_channels(client: Client) -> None:
    ann = await client.add_sms(MOBILE, ANN)
    await client.add_sms(OTHER, BOB)
    merged = await client.add_sms(OTHER, ANN)
    await undo(client, merged["link"]["merges"][0]["id"])  # {MOBILE, ANN} apart from {OTHER, BOB}
    email = next(channel for channel in ann["channels"] if channel["address"] == ANN)
    await unlink(client, email["id"])
    assert (await client.add_sms(OTHER, ANN))["link"]["outcome"] == "PROPOSED"
    [proposal] = await proposals(client, "OPEN")
    assert (await resolve(client, proposal["id"], accept=True))["link"]["outcome"] == "MERGED"
    [alone] = [node for node in await profiles(client, KEPT_APART) if addresses(node) == {MOBILE}]
    [never] = alone["neverLinks"]
    sides = [{channel["address"] for channel in never[side]} for side in ("oneSide", "otherSide")]
    assert {MOBILE} in sides
    assert {OTHER, BOB} in sides
    assert (await client.add_sms(MOBILE, BOB))["link"]["outcome"] == "PROPOSED"
