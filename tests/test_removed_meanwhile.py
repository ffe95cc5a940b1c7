"""Who is deleted or erased while something else is done with them: nobody comes back, and nothing fails oddly.

A change on SQLite has the database to itself, so most of this can happen on PostgreSQL alone.
"""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest

from app.accounts.rules import Guards
from app.acts import Act, now
from app.channels.queries import IN_PROFILES
from app.channels.rules import Address
from app.consent.queries import check as consent
from app.db import Database, Writer
from app.errors import ErrorCode, Refusal, Refusals, each_of
from app.identity.operations import adding, extending, joining, parting
from app.identity.operations.writing import LOCK_AT
from app.identity.queries import check as identity
from app.identity.queries import previews, state
from app.identity.rules.contacts import Contact
from app.kinds import ChannelKind
from app.privacy.operations import removing
from app.tables import IntakeMethod
from tests.client import Client
from tests.deciding import RESOLVE, merge, profiles, undo
from tests.held import delete, erase, uuid
from tests.links import SECRET
from tests.meanwhile import Meanwhile

ANN, BOB = "ann@example.com", "bob@example.com"
MOBILE = "+14155550100"
Operation = Callable[..., Awaitable[Any]]


@pytest.fixture
def shared(database: Database) -> Database:
    """A database in which several changes are under way at once."""
    if database.dialect == "sqlite":
        pytest.skip("one change at a time")
    return database


def act() -> Act:
    return Act(now(), "tests", IntakeMethod.API, SECRET.encode())


async def codes_of(
    client: Client, database: Database, operation: Operation, *, after: object, happens: Callable[[], Awaitable[Any]]
) -> list[ErrorCode]:
    """With which codes an operation is refused when something happens after it fetched a statement."""
    meanwhile = Meanwhile(after, happens)

    async def work(writer: Writer) -> None:
        await operation(meanwhile(writer), guards=Guards(), act=act())

    codes = []
    try:
        await database.write(client.account.account_id, work)
    except (Refusal, Refusals) as refused:
        codes = [each.code for each in each_of(refused)]
    assert meanwhile.happened
    return codes


async def sound(client: Client, database: Database) -> bool:
    async with database.reading(client.account.account_id) as reader:
        differences = [*await identity.differences(reader), *await consent.differences(reader, secret=SECRET.encode())]
    return differences == []


async def test_an_address_that_was_added_and_erased_while_it_is_added_stays_out(
    client: Client, shared: Database
) -> None:
    async def come_and_go() -> None:
        await erase(client, (await client.add_email(ANN))["profile"]["id"])

    add = partial(adding.add_contact, contact=Contact(Address(ChannelKind.EMAIL, ANN)))
    assert await codes_of(client, shared, add, after=LOCK_AT, happens=come_and_go) == [ErrorCode.ERASED]
    assert await profiles(client, "id") == []


async def test_an_opt_out_that_was_deleted_while_its_address_is_added_still_holds(
    client: Client, shared: Database
) -> None:
    async def come_and_go() -> None:
        await delete(client, (await client.add_email(ANN, emailConsent={"act": "OPT_OUT"}))["profile"]["id"])

    add = partial(adding.add_contact, contact=Contact(Address(ChannelKind.EMAIL, ANN)))
    assert await codes_of(client, shared, add, after=LOCK_AT, happens=come_and_go) == []
    consented = await client.add_email(ANN, emailConsent={"act": "OPT_IN", "disclosure": "Yes."})
    assert [refused["code"] for refused in consented["consentRefused"]] == ["SUPPRESSED"]


async def test_what_a_deleted_contact_is_to_get_does_not_bring_it_back(client: Client, shared: Database) -> None:
    id = (await client.add_email(ANN))["profile"]["id"]
    address = Address(ChannelKind.SMS, MOBILE)
    add = partial(extending.add_channel, home_id=uuid(id), address=address, given=None)
    happens = partial(delete, client, id)
    assert await codes_of(client, shared, add, after=IN_PROFILES, happens=happens) == [ErrorCode.NOT_FOUND]
    assert await profiles(client, "id") == []


async def test_undoing_a_merge_while_it_is_erased_is_refused(client: Client, shared: Database) -> None:
    one, two = (await client.add_email(ANN))["profile"]["id"], (await client.add_email(BOB))["profile"]["id"]
    merged = (await merge(client, one, two))["merge"]["id"]
    undoing = partial(parting.undo, merge_id=uuid(merged), never_again=False)
    happens = partial(erase, client, one)
    assert await codes_of(client, shared, undoing, after=state.MERGE, happens=happens) == [ErrorCode.INVALID_STATE]


async def proposed(client: Client) -> tuple[str, str]:
    """A profile, and a link to it that was stopped."""
    one, two = (await client.add_email(ANN))["profile"]["id"], (await client.add_sms(MOBILE))["profile"]["id"]
    await undo(client, (await merge(client, one, two))["merge"]["id"])
    await client.add_sms(MOBILE, ANN)
    [proposal] = (await client.ask("{ linkProposals { nodes { id } } }"))["linkProposals"]["nodes"]
    return one, proposal["id"]


async def test_resolving_a_proposal_while_one_side_is_erased_finds_it_no_more(client: Client, shared: Database) -> None:
    one, proposal = await proposed(client)
    resolving = partial(joining.resolve, proposal_id=uuid(proposal), accept=True)
    happens = partial(erase, client, one)
    assert await codes_of(client, shared, resolving, after=state.PROPOSAL, happens=happens) == [ErrorCode.NOT_FOUND]
    resolved = (await client.ask(RESOLVE, input={"id": proposal, "accept": True}))["resolveLinkProposal"]
    assert [error["code"] for error in resolved["userErrors"]] == ["NOT_FOUND"]


@pytest.mark.parametrize("of_proposal", [True, False])
async def test_previewing_what_is_erased_meanwhile_finds_it_no_more(
    client: Client, database: Database, of_proposal: bool
) -> None:
    one, proposal = await proposed(client)
    two = (await client.add_email(BOB))["profile"]["id"]
    meanwhile = Meanwhile(state.PROPOSAL if of_proposal else state.AT_HOMES, partial(erase, client, one))
    async with database.reading(client.account.account_id) as reader:
        looking: Any = meanwhile(reader)  # type: ignore[arg-type]
        if of_proposal:
            found = await previews.of_proposal(looking, proposal_id=uuid(proposal), guards=Guards())
        else:
            found = await previews.of_merge(looking, home_ids=[uuid(one), uuid(two)], guards=Guards())
    assert (meanwhile.happened, found) == (True, None)


async def test_both_sides_of_a_merge_may_be_erased_at_once(client: Client, database: Database) -> None:
    one, two = (await client.add_email(ANN))["profile"]["id"], (await client.add_email(BOB))["profile"]["id"]
    merged = (await merge(client, one, two))["merge"]["id"]
    await undo(client, merged)
    others: list[asyncio.Task[Any]] = []

    async def work(writer: Writer) -> None:
        await removing.erase_profile(writer, home_id=uuid(one), act=act())
        others.append(asyncio.create_task(erase(client, two)))
        await asyncio.sleep(0.1)  # until the other one waits for this one

    await database.write(client.account.account_id, work)
    assert [(await other)["userErrors"] for other in others] == [[]]
    assert [error["code"] for error in (await undo(client, merged))["userErrors"]] == ["INVALID_STATE"]
    assert await profiles(client, "id") == []
    assert await sound(client, database)
