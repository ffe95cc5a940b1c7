"""Field values, tags and flags: what a profile shows, and where it came from."""

from typing import Any

from tests.client import Client

ANN, TEL = "ann@example.com", "+14155552671"
SHOWN = """
query ($id: ID!) { profile(by: {id: $id}) {
  displayName customFields tags compliance { gdprApplies processingRestricted restrictedAt }
  fields { key value source { method detail } channel { address } alternatives { value channel { address } } }
  email { address isPrimary } sms { address isPrimary }
} }
"""
UPDATE = """
mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) {
  profile { id customFields tags displayName updatedAt compliance { gdprApplies } }
  userErrors { code field message }
} }
"""


async def shown(client: Client, id: str) -> Any:
    return (await client.ask(SHOWN, id=id))["profile"]


async def update(client: Client, id: str, **changes: Any) -> Any:
    payload = (await client.ask(UPDATE, input={"id": id, **changes}))["updateProfile"]
    assert payload["userErrors"] == []
    return payload["profile"]


async def test_the_newest_value_wins_and_the_loser_is_kept_with_its_source(client: Client) -> None:
    await client.add_email(ANN, customFields={"first_name": "Ann", "city": "Rome"}, sourceDetail="Shop")
    added = await client.add_sms(TEL, ANN, customFields={"first_name": "Anna"}, sourceDetail="Desk")
    profile = await shown(client, added["profile"]["id"])
    assert profile["customFields"] == {"first_name": "Anna", "city": "Rome"}
    assert profile["fields"] == [
        {
            "key": "city",
            "value": "Rome",
            "source": {"method": "API", "detail": "Shop"},
            "channel": {"address": ANN},
            "alternatives": [],
        },
        {
            "key": "first_name",
            "value": "Anna",
            "source": {"method": "API", "detail": "Desk"},
            "channel": {"address": TEL},
            "alternatives": [{"value": "Ann", "channel": {"address": ANN}}],
        },
    ]


async def test_the_display_name_is_the_name_else_the_best_address(client: Client) -> None:
    added = await client.add_sms(TEL)
    id = added["profile"]["id"]
    assert (await shown(client, id))["displayName"] == TEL
    await client.add_sms(TEL, ANN)
    assert (await shown(client, id))["displayName"] == ANN
    assert (await update(client, id, customFields={"last_name": "Lee"}))["displayName"] == "Lee"
    assert (await update(client, id, customFields={"first_name": "Ann"}))["displayName"] == "Ann Lee"
    assert (await update(client, id, customFields={"first_name": 7, "last_name": None}))["displayName"] == ANN


async def test_null_clears_an_empty_text_is_a_value_and_what_is_not_named_stays(client: Client) -> None:
    added = await client.add_email(ANN, customFields={"a": 1, "b": "x", "c": [1, {"d": None}]})
    id = added["profile"]["id"]
    profile = await update(client, id, customFields={"a": None, "b": ""})
    assert profile["customFields"] == {"b": "", "c": [1, {"d": None}]}
    cleared = next(field for field in (await shown(client, id))["fields"] if field["key"] == "a")
    assert cleared["value"] is None
    assert [alternative["value"] for alternative in cleared["alternatives"]] == [1]


async def test_numbers_come_back_as_they_were_given(client: Client) -> None:
    fields = {"f": 0.1 + 0.2, "i": 2**53, "n": -1.5e-7, "t": True, "s": 'q"\\\n☃', "o": {"k.$": [1.25]}}
    added = await client.add_email(ANN, customFields=fields)
    assert (await shown(client, added["profile"]["id"]))["customFields"] == fields


async def test_tags_are_added_with_channels_and_replaced_by_an_update(client: Client) -> None:
    await client.add_email(ANN, tags=["b", " a ", "b"])
    added = await client.add_sms(TEL, ANN, tags=["c"])
    id = added["profile"]["id"]
    assert (await shown(client, id))["tags"] == ["a", "b", "c"]
    assert (await update(client, id, tags=["c", "d"]))["tags"] == ["c", "d"]
    assert (await client.ask("{ tags }"))["tags"] == ["c", "d"]
    assert (await update(client, id))["tags"] == ["c", "d"]
    assert (await update(client, id, tags=None))["tags"] == []


async def test_the_gdpr_flag_holds_for_the_profile_until_it_is_lifted(client: Client) -> None:
    id = (await client.add_sms(TEL, ANN))["profile"]["id"]
    assert (await update(client, id, gdprApplies=True))["compliance"] == {"gdprApplies": True}
    assert (await shown(client, id))["compliance"] == {
        "gdprApplies": True,
        "processingRestricted": False,
        "restrictedAt": None,
    }
    assert (await update(client, id, gdprApplies=None))["compliance"] == {"gdprApplies": False}


async def test_the_primary_channel_is_the_oldest_until_another_is_chosen(client: Client) -> None:
    await client.add_sms(TEL, "old@example.com")
    added = await client.add_sms(TEL, "new@example.com")
    id = added["profile"]["id"]
    assert (await shown(client, id))["email"] == {"address": "old@example.com", "isPrimary": True}
    [chosen] = [channel["id"] for channel in added["channels"] if channel["kind"] == "EMAIL"]
    await update(client, id, primaryChannelIds=[chosen])
    assert (await shown(client, id))["email"] == {"address": "new@example.com", "isPrimary": True}


async def test_an_update_by_an_absorbed_id_edits_the_survivor(client: Client) -> None:
    first, second = await client.add_email(ANN), await client.add_sms(TEL)
    await client.add_sms(TEL, ANN)
    profile = await update(client, second["profile"]["id"], customFields={"x": 1})
    assert (profile["id"], profile["customFields"]) == (first["profile"]["id"], {"x": 1})


async def test_an_update_that_says_nothing_new_leaves_the_time_of_the_last_change(client: Client) -> None:
    id = (await client.add_email(ANN, customFields={"x": 1}, tags=["t"]))["profile"]["id"]
    before = (await update(client, id))["updatedAt"]
    assert (await update(client, id, customFields={"x": 1, "y": None}, tags=["t"], gdprApplies=False))[
        "updatedAt"
    ] == before
    assert (await update(client, id, customFields={"x": 2}))["updatedAt"] > before
