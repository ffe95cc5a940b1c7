"""Profiles that are born whole are kept as the database would compute them."""

from random import Random
from typing import Any

import pytest

from app.channels.rules import Address
from app.db import Database
from app.identity.queries.check import differences
from app.identity.rules.contacts import Contact
from app.kinds import ChannelKind
from tests.client import Client
from tests.deciding import profiles
from tests.test_lots import bring

VALUES = [
    "",
    " ",
    "Ada ",
    "\tAda",
    "Zoë\u0301",
    '"',
    "\\",
    "a\nb\x01\x7f",
    "\U0001f600",
    "null",
    "1",
    None,
    1,
    2.5,
    True,
    {"b": [1]},
]
KEYS = ["first_name", "last_name", "plan", "é", "Z", "a.b"]


def drawn(chance: Random, people: int) -> Contact:
    """A contact of one or two of the people's addresses, of either kind first."""
    addresses = [Address(ChannelKind.EMAIL, f"p{chance.randrange(people)}@example.com")]
    addresses.append(Address(ChannelKind.SMS, f"+1415555{chance.randrange(people):04}"))
    chance.shuffle(addresses)
    other = chance.choice([None, addresses[1], Address(ChannelKind.EMAIL, f"q{chance.randrange(people)}@example.com")])
    fields: dict[str, Any] = {key: chance.choice(VALUES) for key in chance.sample(KEYS, chance.randrange(4))}
    return Contact(addresses[0], other, fields, chance.sample(["b", "a", "B"], chance.choice([0, 0, 1, 2])))


@pytest.mark.parametrize("people", [10_000, 40], ids=["strangers", "friends"])
async def test_profiles_born_in_a_lot_are_what_their_channels_make_of_them(
    client: Client, database: Database, people: int
) -> None:
    chance = Random(people)
    for _ in range(3):
        await bring(database, client, *(drawn(chance, people) for _ in range(100)))
        async with database.reading(client.account.account_id) as reader:
            assert await differences(reader) == []


async def test_what_was_cleared_within_the_lot_is_not_shown(client: Client, database: Database) -> None:
    address, other = Address(ChannelKind.SMS, "+14155550100"), Address(ChannelKind.EMAIL, "ada@example.com")
    rows = [Contact(address, None, {"first_name": "Ada", "plan": "a"}), Contact(address, other, {"first_name": None})]
    await bring(database, client, *rows, Contact(other, None, {"plan": "b"}, ["vip"]))
    shown = await profiles(client, "displayName customFields tags")
    assert shown == [{"displayName": "ada@example.com", "customFields": {"plan": "b"}, "tags": ["vip"]}]
