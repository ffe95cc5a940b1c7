"""Claims link but do not merge, and yield to trusted data. Their ways in come later: the operation itself is called."""

from functools import partial

from app.accounts.rules import Guards
from app.acts import Act, now
from app.db import Database
from app.identity.operations.adding import Added, add_contact
from app.identity.queries.check import differences
from app.identity.rules.contacts import Contact, Submitted, judged
from app.kinds import ChannelKind
from app.tables import IntakeMethod, LinkTrust
from tests.client import Client
from tests.deciding import EXPORT, addresses, profiles, proposals, resolve, undo

ANN, BOB = "ann@example.com", "bob@example.com"
MOBILE, OTHER = "+14155550100", "+14155550101"


def contact(mobile: str, email: str | None = None, trust: LinkTrust = LinkTrust.TRUSTED) -> Contact:
    """A contact, judged."""
    submitted = Submitted(ChannelKind.SMS, email_address=email, mobile_number=mobile, trust=trust)
    return judged(submitted, default_region="US", guards=Guards(), now=now())


async def add(database: Database, client: Client, *contacts: Contact) -> list[Added]:
    """Adds the contacts, one after the other."""
    act = partial(Act, actor="tests", method=IntakeMethod.KEYWORD, secret=b"secret")
    found = []
    for each in contacts:
        work = partial(add_contact, contact=each, guards=Guards(), act=act(now()))
        found.append(await database.write(client.account.account_id, work))
    return found


async def test_a_claim_links_but_does_not_merge(client: Client, database: Database) -> None:
    claim = contact(MOBILE, ANN, LinkTrust.CLAIMED)
    [linked] = await add(database, client, claim)
    assert linked.outcome == "CREATED"
    await client.add_email(BOB)
    [proposed] = await add(database, client, contact(MOBILE, BOB, LinkTrust.CLAIMED))
    assert proposed.outcome == "PROPOSED"
    [proposal] = await proposals(client)
    assert proposal["reason"] == "UNVERIFIED"
    accepted = await resolve(client, proposal["id"], accept=True)
    assert accepted["link"]["outcome"] == "MERGED"


async def test_a_claim_yields_to_trusted_data_about_somebody_else(client: Client, database: Database) -> None:
    await add(database, client, contact(MOBILE, ANN, LinkTrust.CLAIMED))
    added = await client.add_sms(OTHER, ANN)
    assert added["link"]["outcome"] == "LINKED"
    assert "yielded" in added["link"]["explanation"]
    found = (await client.ask("{ profiles { nodes { channels { address } auditLog { nodes { action } } } } }"))[
        "profiles"
    ]["nodes"]
    assert sorted(sorted(addresses(node)) for node in found) == [[MOBILE], [OTHER, ANN]]
    assert all("claim_yielded" in {entry["action"] for entry in node["auditLog"]["nodes"]} for node in found)


async def test_undoing_the_merge_that_a_claim_yielded_to_brings_it_back(client: Client, database: Database) -> None:
    await add(database, client, contact(MOBILE, ANN, LinkTrust.CLAIMED))
    await client.add_sms(OTHER)
    before = await client.ask(EXPORT)
    merged = await client.add_sms(OTHER, ANN)
    assert merged["link"]["outcome"] == "MERGED"
    found = await profiles(client, "channels { address }")
    assert sorted(sorted(addresses(node)) for node in found) == [[MOBILE], [OTHER, ANN]]
    undone = await undo(client, merged["link"]["merges"][0]["id"])
    assert undone["userErrors"] == []
    assert await client.ask(EXPORT) == before
    async with database.reading(client.account.account_id) as reader:
        assert await differences(reader) == []


async def test_a_claim_that_trusted_data_confirms_stays(client: Client, database: Database) -> None:
    await add(database, client, contact(MOBILE, ANN, LinkTrust.CLAIMED))
    assert (await client.add_sms(MOBILE, ANN))["link"]["outcome"] == "UNCHANGED"
    assert (await client.add_sms(OTHER, ANN))["link"]["outcome"] == "LINKED"
    [profile] = await profiles(client, "channels { address }")
    assert addresses(profile) == {MOBILE, ANN, OTHER}
