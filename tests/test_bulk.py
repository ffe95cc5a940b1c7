"""Many contacts at once end as one by one: the same people, values, tags, consents and evidence."""

import random
from functools import partial
from typing import Any

import pytest

from app.accounts.rules import Guards
from app.acts import Act, now
from app.consent.rules.evidence import Given
from app.db import Database
from app.identity.operations.adding import Added, add_contacts
from app.identity.queries.check import differences
from app.identity.rules.contacts import Contact, Submitted, judged
from app.kinds import ChannelKind
from app.tables import IntakeMethod, LedgerAct, LinkTrust
from tests.client import Client
from tests.deciding import profiles

EVERYTHING = """
channels { address consent { status } } customFields tags links { channels { address } } merges { channels { address } }
"""
UNGUARDED = Guards(max_channels_per_kind=1000)


def drawn(seed: int, count: int) -> list[Contact]:
    """Contacts that overlap: chains, hubs, and the same again."""
    source = random.Random(seed)
    return [contact(source, number) for number in range(count)]


def contact(source: random.Random, number: int) -> Contact:
    """One contact, with one identifier or both."""
    email, mobile = f"p{source.randrange(12)}@example.com", f"+1415555{source.randrange(12):04}"
    given = source.choice([(email, None), (None, mobile), (email, mobile), (email, mobile)])
    own = ChannelKind.EMAIL if given[1] is None else ChannelKind.SMS
    consents = {own: Given(LedgerAct.OPT_OUT)} if source.random() < 0.2 else {}
    submitted = Submitted(
        own,
        *given,
        custom_fields={source.choice(["plan", "size"]): number},
        tags=source.sample(["a", "b", "c"], source.randrange(3)),
        consents=consents,
    )
    return judged(submitted, default_region="US", guards=UNGUARDED, now=now())


async def add(database: Database, client: Client, contacts: list[Contact], guards: Guards, at: Any) -> list[Added]:
    """Adds the contacts in one transaction."""
    act = Act(at, "tests", IntakeMethod.IMPORT, b"secret")
    work = partial(add_contacts, contacts=contacts, guards=guards, act=act)
    added = await database.write(client.account.account_id, work)
    return [each for each in added if isinstance(each, Added)]


async def shown(client: Client) -> Any:
    """Everything of the profiles, in an order that does not depend on ids."""
    found = await profiles(client, EVERYTHING)
    for node in found:
        for name in ("channels", "links", "merges"):
            node[name] = sorted(map(str, map(plain, node[name])))
    return sorted(found, key=str)


def plain(item: Any) -> Any:
    """An object without the order of its channels."""
    return {**item, "channels": sorted(map(str, item["channels"]))} if "channels" in item else item


async def consistent(database: Database, client: Client) -> bool:
    async with database.reading(client.account.account_id) as reader:
        return await differences(reader) == []


@pytest.mark.parametrize("seed", range(4))
async def test_at_once_is_as_one_by_one(client: Client, stranger: Client, database: Database, seed: int) -> None:
    contacts, at = drawn(seed, 40), now()
    together = await add(database, client, contacts, UNGUARDED, at)
    alone = [(await add(database, stranger, [each], UNGUARDED, at))[0] for each in contacts]
    assert [each.outcome for each in together] == [each.outcome for each in alone]
    assert [each.explanation for each in together] == [each.explanation for each in alone]
    one, other = await shown(client), await shown(stranger)
    for node in (*one, *other):
        node.pop("customFields")  # at one moment the older channel's value wins, and which is older is drawn
        node.pop("merges")  # as with which of two profiles of one moment goes on
    assert one == other
    assert await consistent(database, client)
    assert await consistent(database, stranger)


async def test_any_order_joins_the_same_people(client: Client, stranger: Client, database: Database) -> None:
    contacts = drawn(7, 60)
    await add(database, client, contacts, UNGUARDED, now())
    shuffled = random.Random(1).sample(contacts, len(contacts))
    for start in range(0, 60, 15):
        await add(database, stranger, shuffled[start : start + 15], UNGUARDED, now())
    assert await people(client) == await people(stranger)


async def people(client: Client) -> list[list[str]]:
    """The addresses of each profile."""
    found = await profiles(client, "channels { address }")
    return sorted(sorted(channel["address"] for channel in node["channels"]) for node in found)


async def test_guards_hold_within_one_lot(client: Client, database: Database) -> None:
    contacts = drawn(3, 80)
    guards = Guards(max_channels_per_kind=2)
    added = await add(database, client, contacts, guards, now())
    assert {each.outcome for each in added} >= {"CREATED", "LINKED", "PROPOSED"}
    for node in await profiles(client, "channels { kind }"):
        kinds = [channel["kind"] for channel in node["channels"]]
        assert max(map(kinds.count, kinds)) <= 2
    assert await consistent(database, client)


async def test_what_a_lot_links_holds_where_a_claim_yields_within_it(client: Client, database: Database) -> None:
    def both(mobile: str, email: str, trust: LinkTrust = LinkTrust.TRUSTED) -> Contact:
        submitted = Submitted(ChannelKind.SMS, email, mobile, trust=trust)
        return judged(submitted, default_region="US", guards=UNGUARDED, now=now())

    await add(database, client, [both("+14155550001", "b@example.com")], UNGUARDED, now())
    await add(database, client, [both("+14155550001", "a@example.com", LinkTrust.CLAIMED)], UNGUARDED, now())
    lot = [both("+14155550002", "b@example.com"), both("+14155550003", "a@example.com")]
    await add(database, client, lot, UNGUARDED, now())
    assert await people(client) == [
        ["+14155550001", "+14155550002", "b@example.com"],
        ["+14155550003", "a@example.com"],
    ]
    assert await consistent(database, client)


async def test_a_contact_again_within_one_lot_is_one_channel_and_the_later_row_wins(
    client: Client, database: Database
) -> None:
    rows = [
        judged(
            Submitted(ChannelKind.EMAIL, "p@example.com", custom_fields={"plan": plan}),
            default_region="US", guards=UNGUARDED, now=now(),
        )
        for plan in ("basic", "pro", "max")
    ]  # fmt: skip
    added = await add(database, client, rows, UNGUARDED, now())
    assert [each.outcome for each in added] == ["CREATED", "UNCHANGED", "UNCHANGED"]
    assert [node["customFields"] for node in await profiles(client, "customFields")] == [{"plan": "max"}]
