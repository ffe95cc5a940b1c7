"""Merging, undoing, unlinking and keeping apart: by hand, exactly, and explained."""

from tests.client import Client
from tests.deciding import EXPORT, LIFT, addresses, codes, merge, undo, unlink

ANN, BOB = "ann@example.com", "bob@example.com"
MOBILE, OTHER = "+14155550100", "+14155550101"


async def test_a_merge_goes_on_under_the_older_id_and_says_why(client: Client) -> None:
    older, younger = [(await client.add_email(address))["profile"]["id"] for address in (ANN, BOB)]
    merged = await merge(client, younger, older, reason="The same person on the phone.")
    assert merged["userErrors"] == []
    assert merged["profile"]["id"] == merged["merge"]["survivor"]["id"] == older
    assert merged["merge"]["absorbedId"] == younger
    assert merged["merge"]["reason"] == "The same person on the phone."
    assert merged["merge"]["links"][0]["source"] == {"method": "MANUAL", "detail": "The same person on the phone."}
    assert [channel["address"] for channel in merged["merge"]["channels"]] == [BOB]
    found = await client.ask("query ($id: ID!) { node(id: $id) { id } }", id=younger)
    assert found["node"]["id"] == older


async def test_merging_and_undoing_is_the_identity(client: Client) -> None:
    one = await client.add_sms(
        MOBILE, ANN, customFields={"first_name": "Ann", "plan": "pro"}, tags=["vip"], smsConsent={"act": "OPT_OUT"}
    )
    other = await client.add_email(
        BOB, customFields={"first_name": "Bob", "size": 4}, tags=["shop"], emailConsent={"act": "OPT_OUT"}
    )
    before = await client.ask(EXPORT)
    merged = await merge(client, one["profile"]["id"], other["profile"]["id"])
    between = await client.ask(EXPORT)
    assert len(between["profiles"]["nodes"]) == 1
    assert between["profiles"]["nodes"][0]["customFields"] == {"first_name": "Bob", "plan": "pro", "size": 4}
    undone = await undo(client, merged["merge"]["id"])
    assert undone["userErrors"] == []
    assert undone["survivor"]["id"] == one["profile"]["id"]
    assert undone["restored"]["id"] == other["profile"]["id"]
    assert undone["merge"]["undoneAt"] is not None
    assert await client.ask(EXPORT) == before


async def test_what_happens_between_merge_and_undo_stays_with_its_channel(client: Client) -> None:
    one, other = await client.add_email(ANN), await client.add_email(BOB)
    merged = await merge(client, one["profile"]["id"], other["profile"]["id"])
    await client.add_email(BOB, customFields={"plan": "pro"}, tags=["late"])
    undone = await undo(client, merged["merge"]["id"], neverLinkAgain=False)
    restored = await client.ask(
        "query ($id: ID!) { profile(by: {id: $id}) { customFields tags } }", id=undone["restored"]["id"]
    )
    assert restored["profile"] == {"customFields": {"plan": "pro"}, "tags": ["late"]}


async def test_an_undone_merge_is_not_made_again_until_the_never_link_is_lifted(client: Client) -> None:
    one, other = await client.add_sms(MOBILE), await client.add_email(ANN)
    merged = await client.add_sms(MOBILE, ANN)
    assert merged["link"]["outcome"] == "MERGED"
    await undo(client, merged["link"]["merges"][0]["id"])
    asked = "{ profiles { nodes { id neverLinks { id actor channels { address } oneSide { address } } } } }"
    [first, second] = (await client.ask(asked))["profiles"]["nodes"]
    assert first["neverLinks"] == second["neverLinks"]
    [never] = first["neverLinks"]
    assert {channel["address"] for channel in never["channels"]} == {MOBILE, ANN}
    again = await client.add_sms(MOBILE, ANN)
    assert again["link"]["outcome"] == "PROPOSED"
    refused = await merge(client, one["profile"]["id"], other["profile"]["id"])
    assert codes(refused) == [("CONFLICT", ["profileIds"])]
    lifted = (await client.ask(LIFT, input={"id": never["id"]}))["liftNeverLink"]
    assert lifted == {"deletedId": never["id"], "userErrors": []}
    assert (await client.add_sms(MOBILE, ANN))["link"]["outcome"] == "MERGED"
    gone = (await client.ask(LIFT, input={"id": never["id"]}))["liftNeverLink"]
    assert codes(gone) == [("NOT_FOUND", ["id"])]


async def test_undoing_is_refused_where_other_links_hold_the_sides_together_and_names_them(client: Client) -> None:
    await client.add_sms(MOBILE)
    await client.add_email(ANN)
    merged = await client.add_sms(MOBILE, ANN)
    await client.add_email(ANN, OTHER)
    await client.add_email(BOB, OTHER)
    await client.add_sms(MOBILE, BOB)
    before = await client.ask(EXPORT)
    refused = await undo(client, merged["link"]["merges"][0]["id"])
    assert codes(refused) == [("INVALID_STATE", ["mergeId"])]
    assert refused["survivor"] is refused["restored"] is refused["merge"] is None
    [held] = refused["heldBy"]
    assert addresses(held) == {ANN, OTHER}  # what joins the absorbed side to the chain that leads to the other
    assert f"{ANN} and {OTHER}" in refused["userErrors"][0]["message"]
    assert await client.ask(EXPORT) == before


async def test_unlinking_makes_a_channel_its_own_profile(client: Client) -> None:
    added = await client.add_sms(MOBILE, ANN, customFields={"plan": "pro"})
    await client.add_sms(MOBILE, BOB)
    email = next(channel for channel in added["channels"] if channel["address"] == ANN)
    unlinked = await unlink(client, email["id"])
    assert unlinked["userErrors"] == []
    assert addresses(unlinked["remaining"]) == {MOBILE, BOB}
    assert addresses(unlinked["separated"]) == {ANN}
    assert (await client.add_sms(MOBILE, ANN))["link"]["outcome"] == "MERGED"
    await unlink(client, email["id"], neverLinkAgain=True)
    assert (await client.add_sms(MOBILE, ANN))["link"]["outcome"] == "PROPOSED"
    assert (await client.add_email(ANN, "+14155550177"))["link"]["outcome"] == "LINKED"


async def test_unlinking_a_hub_takes_apart_what_only_it_held_together(client: Client) -> None:
    hub = (await client.add_sms(MOBILE, ANN))["channels"]
    await client.add_sms(MOBILE, BOB)
    mobile = next(channel for channel in hub if channel["address"] == MOBILE)
    unlinked = await unlink(client, mobile["id"])
    assert addresses(unlinked["separated"]) == {MOBILE}
    found = await client.ask("{ profiles { nodes { channels { address } } } }")
    assert sorted(sorted(addresses(node)) for node in found["profiles"]["nodes"]) == [[MOBILE], [ANN], [BOB]]


async def test_unlinking_takes_the_merges_of_its_links_back(client: Client) -> None:
    await client.add_sms(MOBILE)
    email = (await client.add_email(ANN))["channels"][0]
    merged = await client.add_sms(MOBILE, ANN)
    await unlink(client, email["id"])
    undone = await undo(client, merged["link"]["merges"][0]["id"])
    assert codes(undone) == [("INVALID_STATE", ["mergeId"])]


async def test_retracted_evidence_is_still_told(client: Client) -> None:
    email = (await client.add_email(ANN))["channels"][0]
    await client.add_sms(MOBILE)
    await client.add_sms(MOBILE, ANN, sourceDetail="Support desk")
    await unlink(client, email["id"])
    asked = "{ profiles { nodes { links { id } all: links(withRetracted: true) { explanation retractedAt } } } }"
    for node in (await client.ask(asked))["profiles"]["nodes"]:
        assert node["links"] == []
        [link] = node["all"]
        assert "Support desk" in link["explanation"]
        assert link["retractedAt"] is not None


async def test_the_audit_log_says_what_was_done_once_to_each_profile(client: Client) -> None:
    await client.add_sms(MOBILE)
    await client.add_email(ANN)
    merged = await client.add_sms(MOBILE, ANN)
    asked = "{ profiles { nodes { auditLog(first: 2) { totalCount nodes { action actor detail } } } } }"
    [profile] = (await client.ask(asked))["profiles"]["nodes"]
    assert profile["auditLog"]["totalCount"] == 4  # added, added, merged, added
    assert {entry["action"] for entry in profile["auditLog"]["nodes"]} == {"contact_added", "profiles_merged"}
    await undo(client, merged["link"]["merges"][0]["id"])
    nodes = (await client.ask(asked.replace("first: 2", "first: 50")))["profiles"]["nodes"]
    for node in nodes:
        actions = [entry["action"] for entry in node["auditLog"]["nodes"]]
        assert sorted(actions) == sorted(
            ["contact_added", "contact_added", "profiles_merged", "merge_undone", "never_link_made"]
        )
        [undone] = [entry for entry in node["auditLog"]["nodes"] if entry["action"] == "merge_undone"]
        assert undone["detail"]["merge"] == merged["link"]["merges"][0]["id"]


async def test_mistakes_are_user_errors_and_change_nothing(client: Client, stranger: Client) -> None:
    mine = (await client.add_sms(MOBILE, ANN))["profile"]["id"]
    alone = await client.add_email(BOB)
    foreign = await stranger.add_email(BOB)
    pair = [await client.add_email("c@example.com"), await client.add_email("d@example.com")]
    one, other = (added["profile"]["id"] for added in pair)
    merged = await merge(client, one, other)
    assert (await undo(client, merged["merge"]["id"]))["userErrors"] == []
    before = await client.ask(EXPORT)
    refused = [
        (await merge(client, mine, mine), [("INVALID_VALUE", ["profileIds"])]),
        (await merge(client, mine), [("INVALID_VALUE", ["profileIds"])]),
        (await merge(client, mine, foreign["profile"]["id"]), [("NOT_FOUND", ["profileIds", "1"])]),
        (await merge(client, "nonsense", mine), [("NOT_FOUND", ["profileIds", "0"])]),
        (await merge(client, mine, alone["profile"]["id"], reason="x" * 1001), [("LIMIT_EXCEEDED", ["reason"])]),
        (await undo(client, merged["merge"]["id"]), [("INVALID_STATE", ["mergeId"])]),
        (await undo(client, mine), [("NOT_FOUND", ["mergeId"])]),
        (await undo(stranger, merged["merge"]["id"]), [("NOT_FOUND", ["mergeId"])]),
        (await unlink(client, alone["channels"][0]["id"]), [("INVALID_STATE", ["channelId"])]),
        (await unlink(client, foreign["channels"][0]["id"]), [("NOT_FOUND", ["channelId"])]),
    ]
    for payload, expected in refused:
        assert codes(payload) == expected
        assert all(value in (None, [], payload["userErrors"]) for value in payload.values())
    assert await client.ask(EXPORT) == before


async def test_merging_by_an_old_id_of_the_same_profile_is_refused(client: Client) -> None:
    one, other = (await client.add_email(ANN))["profile"]["id"], (await client.add_email(BOB))["profile"]["id"]
    await merge(client, one, other)
    assert codes(await merge(client, one, other)) == [("INVALID_VALUE", ["profileIds"])]
