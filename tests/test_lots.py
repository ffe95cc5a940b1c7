"""Lots of an import: what they change and bring is told, and the same again changes nothing."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from app.accounts.rules import Guards
from app.acts import Act, Lot, now
from app.channels.rules import Address
from app.consent.rules.evidence import Given
from app.db import Database, Statement, entity, selecting
from app.identity.operations.adding import Added, add_contacts
from app.identity.rules.contacts import Contact
from app.kinds import ChannelKind
from app.tables import Channel, ChannelTag, Fact, IntakeMethod, LedgerAct
from tests.client import Client
from tests.deciding import profiles

ANN, BOB = Address(ChannelKind.EMAIL, "ann@example.com"), Address(ChannelKind.EMAIL, "bob@example.com")
MOBILE = Address(ChannelKind.SMS, "+14155550100")


async def bring(
    database: Database, client: Client, *contacts: Contact, lot: Lot | None = None, guards: Guards | None = None
) -> tuple[Sequence[Added], Lot]:
    """Adds the contacts as a batch of an import, in one transaction."""
    at = now()
    lot = lot or Lot(uuid4(), since=at)
    act = Act(at, "tests", IntakeMethod.IMPORT, b"secret", "people.csv", lot)
    work = partial(add_contacts, contacts=contacts, guards=guards or Guards(), act=act)
    added = await database.write(client.account.account_id, work)
    return [each for each in added if isinstance(each, Added)], lot


def told(added: Sequence[Added]) -> list[tuple[str, bool]]:
    """What became of each contact, and whether it changed what was known."""
    return [(each.outcome, each.changed) for each in added]


UPDATE = "mutation Update($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code } } }"
_fact, _tag, _channel = entity(Fact), entity(ChannelTag), entity(Channel)
FACTS = selecting(lambda data: data, select(_fact.data).where(_fact.name == "contact_added").order_by(_fact.id))
TAGGED_BY = selecting(lambda method: method, select(_tag.method))
UPDATED_AT = selecting(lambda id, at: (id, at), select(_channel.id, _channel.updated_at))


async def stored(database: Database, client: Client, statement: Statement[Any]) -> list[Any]:
    """The rows of the client's account."""
    async with database.reading(client.account.account_id) as reader:
        return await reader.fetch(statement)


async def fields(client: Client) -> list[Any]:
    return [node["customFields"] for node in await profiles(client, "customFields")]


async def test_a_lot_notes_what_it_brings_and_tells_it_in_one_fact_an_outcome(
    client: Client, database: Database
) -> None:
    rows = [Contact(ANN, MOBILE, {"plan": "pro"}, ["vip"]), Contact(BOB), Contact(ANN, None, {"plan": "max"})]
    added, lot = await bring(database, client, *rows)
    assert told(added) == [("CREATED", False), ("CREATED", False), ("UNCHANGED", True)]
    assert {what: len(ids) for what, ids in lot.brought.items()} == {"channels": 3, "links": 1, "patches": 1, "tags": 1}
    assert lot.brought["tags"] == [added[0].channel_ids[0]]
    spelled = f"import_{lot.import_id.hex}"
    assert await stored(database, client, FACTS) == [
        {"outcome": "CREATED", "import": spelled},
        {"outcome": "UNCHANGED", "import": spelled},
    ]


async def test_the_same_lot_again_changes_nothing(client: Client, database: Database) -> None:
    rows = [Contact(ANN, MOBILE, {"plan": "pro"}, ["vip"]), Contact(MOBILE, ANN), Contact(ANN, None, {"plan": "max"})]
    _, lot = await bring(database, client, *rows)
    assert len(lot.brought["links"]) == 1
    known = await stored(database, client, FACTS)
    again, lot = await bring(database, client, *rows)
    assert told(again) == [("UNCHANGED", False)] * 3
    assert (lot.brought, lot.touched) == ({}, {})
    assert await stored(database, client, FACTS) == known


async def test_when_known_channels_had_changed_before_is_noted(client: Client, database: Database) -> None:
    await client.add_email("ann@example.com")
    await client.add_email("bob@example.com")
    before = dict(await stored(database, client, UPDATED_AT))
    opted_out = Contact(BOB, consents={BOB: Given(LedgerAct.OPT_OUT)})
    added, lot = await bring(database, client, Contact(ANN, None, {"plan": "pro"}), opted_out)
    assert told(added) == [("UNCHANGED", True), ("UNCHANGED", True)]
    assert lot.touched == before


async def test_within_a_lot_the_last_row_wins_whatever_channel_it_is_on(client: Client, database: Database) -> None:
    await bring(database, client, Contact(ANN, MOBILE))
    said = [("a", ANN), ("b", MOBILE), ("c", ANN), ("d", MOBILE)]
    rows = [Contact(own, None, {"plan": plan}) for plan, own in said]
    added, lot = await bring(database, client, *rows)
    assert await fields(client) == [{"plan": "d"}]
    assert {each.changed for each in added} == {True}
    assert len(lot.brought["patches"]) == 2
    _, lot = await bring(database, client, *rows)
    assert lot.brought == {}


async def test_blanks_are_filled_and_what_others_said_is_left_alone(client: Client, database: Database) -> None:
    await client.add_email("ann@example.com", customFields={"plan": "pro", "city": None, "size": ""})
    lot = Lot(uuid4(), since=now())
    row = Contact(ANN, MOBILE, {"plan": "max", "city": "Bonn", "size": "L", "age": 4}, fills_blanks=True)
    await bring(database, client, row, lot=lot)
    assert await fields(client) == [{"plan": "pro", "city": "Bonn", "size": "", "age": 4}]
    later = Contact(MOBILE, None, {"plan": "max", "city": "Cologne", "age": 5}, fills_blanks=True)
    await bring(database, client, later, lot=lot)
    assert await fields(client) == [{"plan": "pro", "city": "Cologne", "size": "", "age": 5}]
    another = Contact(ANN, None, {"city": "Ulm", "new": 1}, fills_blanks=True)
    await bring(database, client, another, lot=Lot(uuid4(), since=now() + timedelta(seconds=1)))
    assert await fields(client) == [{"plan": "pro", "city": "Cologne", "size": "", "age": 5, "new": 1}]


async def test_what_an_import_brought_is_taken_over_by_whoever_says_it_again(
    client: Client, database: Database
) -> None:
    await bring(database, client, Contact(ANN, None, {"plan": "pro"}, ["vip"]))
    shown = "id customFields tags fields { source { method } } "
    [before] = await profiles(client, shown)
    assert [each["source"]["method"] for each in before["fields"]] == ["IMPORT"]
    await client.add_email("ann@example.com", customFields={"plan": "pro"}, tags=["vip"])
    [after] = await profiles(client, shown)
    assert [each["source"]["method"] for each in after["fields"]] == ["API"]
    assert after["tags"] == ["vip"]
    await bring(database, client, Contact(ANN, None, {}, ["shop"]))
    kept = {"id": after["id"], "customFields": {"plan": "pro"}, "tags": ["vip", "shop"]}
    await client.ask(UPDATE, input=kept)
    again, lot = await bring(database, client, Contact(ANN, None, {"plan": "pro"}, ["vip"]))
    assert (told(again), lot.brought) == ([("UNCHANGED", False)], {})
    assert await stored(database, client, TAGGED_BY) == ["API", "API"]


async def test_a_proposal_is_noted_once(client: Client, database: Database) -> None:
    await bring(database, client, Contact(ANN), Contact(MOBILE))
    role = Guards(role_patterns=("ann@*",))
    added, lot = await bring(database, client, Contact(ANN, MOBILE), Contact(ANN, MOBILE), guards=role)
    assert [each.outcome for each in added] == ["PROPOSED", "PROPOSED"]
    assert {what: len(ids) for what, ids in lot.brought.items()} == {"proposals": 1}
    known = await stored(database, client, FACTS)
    _, lot = await bring(database, client, Contact(ANN, MOBILE), guards=role)
    assert (lot.brought, await stored(database, client, FACTS)) == ({}, known)


async def test_merges_of_a_lot_are_noted(client: Client, database: Database) -> None:
    await bring(database, client, Contact(ANN), Contact(MOBILE))
    [merged], lot = await bring(database, client, Contact(ANN, MOBILE))
    assert lot.brought.keys() == {"links", "merges"}
    assert tuple(lot.brought["merges"]) == merged.merge_ids
