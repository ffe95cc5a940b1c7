"""Many clients at once on the same addresses: nobody is split, nobody is glued, nothing acknowledged is lost."""

import asyncio
import random
from functools import partial

from app.accounts.operations import set_guards
from app.db import Database
from app.identity.queries.check import differences
from tests.client import Client

CLIENTS, ROUNDS, PEOPLE = 16, 15, 8


async def test_overlapping_contacts_at_once_end_in_the_profiles_that_their_links_make(
    client: Client, database: Database
) -> None:
    await unguarded(client, database)
    drawn = random.Random(20261121)
    pairs = [
        (f"+1415555{drawn.randrange(PEOPLE):04}", f"p{drawn.randrange(PEOPLE)}@example.com")
        for _ in range(CLIENTS * ROUNDS)
    ]

    async def one(number: int) -> None:
        for mobile, email in pairs[number::CLIENTS]:
            added = await (client.add_sms(mobile, email) if number % 2 else client.add_email(email, mobile))
            assert added["userErrors"] == []

    await asyncio.gather(*(one(number) for number in range(CLIENTS)))
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []
    for component in joined(pairs):
        found = {await profile_at(client, address) for address in component}
        assert len(found) == 1
    answer = await client.ask("{ profiles(first: 100) { totalCount nodes { links { id } } } }")
    assert answer["profiles"]["totalCount"] == len(joined(pairs))
    assert sum(len(node["links"]) for node in answer["profiles"]["nodes"]) == len(pairs)


async def test_the_same_new_contact_from_many_clients_is_one_profile(client: Client, database: Database) -> None:
    added = await asyncio.gather(*(client.add_sms("+14155550199", "new@example.com") for _ in range(20)))
    assert len({each["profile"]["id"] for each in added}) == 1
    assert sorted(each["link"]["outcome"] for each in added) == ["CREATED"] + ["UNCHANGED"] * 19
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []


async def unguarded(client: Client, database: Database) -> None:
    """Lets profiles have as many addresses as may come."""
    await database.write(client.account.account_id, partial(set_guards, max_channels_per_kind=1000))


def joined(pairs: list[tuple[str, str]]) -> list[set[str]]:
    """The sets of addresses that the pairs join: the plainest way to say it."""
    found: list[set[str]] = []
    for pair in pairs:
        touched = [component for component in found if component & set(pair)]
        found = [component for component in found if component not in touched]
        found.append(set(pair).union(*touched))
    return found


async def profile_at(client: Client, address: str) -> str:
    by = "emailAddress" if "@" in address else "mobileNumber"
    answer = await client.ask(f'{{ profile(by: {{{by}: "{address}"}}) {{ id }} }}')
    return str(answer["profile"]["id"])
