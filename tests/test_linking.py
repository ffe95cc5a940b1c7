"""Adding contacts: who is linked with whom, under which id, and what is kept of the evidence."""

import itertools

import pytest

from app.db import Database
from app.identity.queries.check import differences
from tests.client import Client

ANN, TEL = "ann@example.com", "+14155552671"
IDENTITY = """
query ($id: ID!) { profile(by: {id: $id}) {
  id isLinked createdAt channels { kind address } links { source { method detail } channels { address } merge { id } }
  merges { id absorbedId reason survivor { id } channels { address } links { id } undoneAt }
} }
"""


async def consistent(database: Database, client: Client) -> bool:
    async with database.reading(client.account.account_id) as reader:
        return await differences(reader) == []


async def test_an_sms_contact_with_an_email_address_is_linked_from_birth(client: Client, database: Database) -> None:
    added = await client.add_sms("(415) 555-2671", " Ann@Example.COM ")
    assert added["userErrors"] == []
    assert added["link"]["outcome"] == "CREATED"
    assert {(c["kind"], c["address"]) for c in added["channels"]} == {("SMS", TEL), ("EMAIL", ANN)}
    profile = (await client.ask(IDENTITY, id=added["profile"]["id"]))["profile"]
    assert profile["isLinked"] is True
    [link] = profile["links"]
    assert link["source"] == {"method": "API", "detail": None}
    assert link["merge"] is None
    assert await consistent(database, client)


async def test_an_email_contact_with_a_mobile_number_is_the_mirror(client: Client) -> None:
    added = await client.add_email(ANN, "415-555-2671")
    assert added["link"]["outcome"] == "CREATED"
    assert {c["address"] for c in added["channels"]} == {ANN, TEL}


async def test_a_contact_with_one_identifier_is_not_linked(client: Client) -> None:
    added = await client.add_sms(TEL)
    profile = (await client.ask(IDENTITY, id=added["profile"]["id"]))["profile"]
    assert (profile["isLinked"], profile["links"], len(profile["channels"])) == (False, [], 1)


@pytest.mark.parametrize("known", ["email", "mobile"])
async def test_the_unknown_address_joins_the_known_profile(client: Client, database: Database, known: str) -> None:
    first = await (client.add_email(ANN) if known == "email" else client.add_sms(TEL))
    added = await client.add_sms(TEL, ANN)
    assert added["link"]["outcome"] == "LINKED"
    assert added["profile"] == first["profile"]
    assert await consistent(database, client)


async def test_the_same_data_again_changes_nothing_but_keeps_the_evidence(client: Client) -> None:
    first = await client.add_sms(TEL, ANN, customFields={"first_name": "Ann"}, tags=["a"])
    everything = "query ($id: ID!) { profile(by: {id: $id}) { updatedAt customFields tags fields { updatedAt } } }"
    before = await client.ask(everything, id=first["profile"]["id"])
    again = await client.add_sms(TEL, ANN, customFields={"first_name": "Ann"}, tags=["a"])
    assert (again["link"]["outcome"], again["profile"]) == ("UNCHANGED", first["profile"])
    assert await client.ask(everything, id=first["profile"]["id"]) == before
    links = (await client.ask(IDENTITY, id=first["profile"]["id"]))["profile"]["links"]
    assert len(links) == 2


@pytest.mark.parametrize("older", ["email", "mobile"])
async def test_two_known_profiles_become_one_under_the_older_id(client: Client, database: Database, older: str) -> None:
    if older == "email":
        first, second = await client.add_email(ANN), await client.add_sms(TEL)
    else:
        first, second = await client.add_sms(TEL), await client.add_email(ANN)
    added = await client.add_sms(TEL, ANN, sourceDetail="Checkout")
    assert added["link"]["outcome"] == "MERGED"
    assert added["profile"] == first["profile"]
    [merge] = added["link"]["merges"]
    assert merge["absorbedId"] == second["profile"]["id"]
    assert merge["survivor"] == first["profile"]
    profile = (await client.ask(IDENTITY, id=first["profile"]["id"]))["profile"]
    [recorded] = profile["merges"]
    assert recorded["id"] == merge["id"]
    assert recorded["channels"] == [{"address": TEL if older == "email" else ANN}]
    assert recorded["undoneAt"] is None
    assert profile["links"][0]["merge"] == {"id": merge["id"]}
    assert await consistent(database, client)


async def test_every_id_ever_returned_resolves_to_the_survivor(client: Client) -> None:
    ids = [(await client.add_email(f"p{n}@example.com"))["profile"]["id"] for n in range(3)]
    ids.append((await client.add_sms(TEL))["profile"]["id"])
    for n in range(3):
        await client.add_sms(TEL, f"p{n}@example.com")
    answer = await client.ask("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
    assert answer["nodes"] == [{"id": ids[0]}] * 4
    for id in ids:
        assert (await client.ask(IDENTITY, id=id))["profile"]["id"] == ids[0]
        assert (await client.ask("query ($id: ID!) { node(id: $id) { id } }", id=id))["node"]["id"] == ids[0]


async def test_any_order_of_the_same_data_joins_the_same_addresses(client: Client, database: Database) -> None:
    pairs = [(1, 1), (1, 2), (2, 2), (3, 3)]
    for run, order in enumerate(itertools.permutations(pairs)):
        for email, mobile in order:
            await client.add_sms(f"+1415555{run:02}{mobile:02}", f"r{run}p{email}@example.com")
        profile = (await client.ask(IDENTITY, id=await id_at(client, f"r{run}p1@example.com")))["profile"]
        assert {c["address"] for c in profile["channels"]} == {
            *(f"r{run}p{email}@example.com" for email in (1, 2)),
            *(f"+1415555{run:02}{mobile:02}" for mobile in (1, 2)),
        }
    assert await consistent(database, client)


async def id_at(client: Client, email: str) -> str:
    found = "query ($email: EmailAddress!) { profile(by: {emailAddress: $email}) { id } }"
    return str((await client.ask(found, email=email))["profile"]["id"])


async def test_the_evidence_reads_as_a_sentence(client: Client) -> None:
    added = await client.add_sms(TEL, ANN, sourceDetail="Checkout")
    asked = "query ($id: ID!) { profile(by: {id: $id}) { links { at explanation } } }"
    [link] = (await client.ask(asked, id=added["profile"]["id"]))["profile"]["links"]
    day = link["at"][:10]
    first, second = sorted([ANN, TEL], key=lambda address: link["explanation"].index(address))
    expected = f"An API call (Checkout) by tests on {day} gave {first} and {second} as one person's."
    assert link["explanation"] == expected


async def test_two_accounts_with_the_same_addresses_know_nothing_of_each_other(
    client: Client, stranger: Client
) -> None:
    mine = await client.add_sms(TEL, ANN)
    theirs = await stranger.add_sms(TEL)
    assert theirs["link"]["outcome"] == "CREATED"
    for id in (mine["profile"]["id"], mine["channels"][0]["id"]):
        assert (await stranger.ask("query ($id: ID!) { node(id: $id) { id } }", id=id))["node"] is None
    assert (await stranger.ask(IDENTITY, id=mine["profile"]["id"]))["profile"] is None
    assert (await stranger.ask("{ profiles { totalCount } }"))["profiles"]["totalCount"] == 1


async def test_linkage_counts_profiles_by_what_they_have(client: Client) -> None:
    await client.add_sms("+14155550101", "a@example.com")
    await client.add_sms("+14155550102")
    await client.add_email("b@example.com")
    await client.add_email("c@example.com")
    fields = "profiles linked emailOnly smsOnly byMethod { method profiles linked }"
    assert (await client.ask(f"{{ linkage {{ {fields} }} }}"))["linkage"] == {
        "profiles": 4,
        "linked": 1,
        "emailOnly": 2,
        "smsOnly": 1,
        "byMethod": [{"method": "API", "profiles": 4, "linked": 1}],
    }
