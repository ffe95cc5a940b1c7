"""What becomes of channels of a kind PUSH, run in a copy that has it, as this code has not: writes what it saw."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

import graphql_schema
from app.accounts import operations as accounts
from app.accounts.rules import Scope
from app.channels.rules import Address, address, masked
from app.db import open_database
from app.engagement.operations import report
from app.engagement.rules import lines
from app.errors import Refusal
from app.identity.operations import adding
from app.identity.operations.adding import Added
from app.identity.rules.contacts import Contact
from app.ids import spelled
from app.kinds import ChannelKind
from app.signing import Signer
from app.web.access import Access
from graphql_schema import Context

NOW, SECRET = datetime(2026, 1, 1, 12, tzinfo=UTC), b"secret of the tests"
TOKEN = " 00C0FFEE00C0FFEE\n"
SHOWN = """
query ($id: ID!) {
  __type(name: "ChannelKind") { enumValues { name description } }
  profile(by: {id: $id}) {
    channels { kind address consent { status } }
    push: channels(kind: PUSH) { address }
    engagements(first: 9, where: {channelKind: PUSH}) {
      totalCount
      nodes { kind channelKind occurredAt channel { address } }
    }
    engagementSummary { channelKind kind count firstAt lastAt }
  }
  profiles(first: 9, search: "00c0ffee") { nodes { displayName channels { kind } } }
}
"""


async def seen(url: str) -> dict[str, Any]:
    """What a database at an address makes of the kind."""
    await make_tables(url)
    database = await open_database(url, max_connections=2)
    try:
        make = partial(accounts.create, name="Tested", region="US", time_zone="UTC", now=NOW)
        account = await database.write(0, make)
        make_key = partial(accounts.create_key, name="tests", scopes=list(Scope), now=NOW)
        key = await database.write(account.account_id, make_key)
        caller = await Access(database).caller(f"Bearer {key}")
        return await acted(Context(database, caller, lambda: NOW, SECRET, Signer(SECRET, "http://tests")))
    finally:
        await database.close()


async def make_tables(url: str) -> None:
    """Makes the tables of the models."""
    driven = url.replace("sqlite:", "sqlite+aiosqlite:", 1).replace("postgresql:", "postgresql+asyncpg:", 1)
    engine = create_async_engine(driven)
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await engine.dispose()


async def acted(context: Context) -> dict[str, Any]:
    """Adds Ann with a device and an email address, and Bob with a device alone; tells what happened on Ann's."""
    device = address(ChannelKind("PUSH"), TOKEN, region="US", field=())
    contacts = [
        Contact(device, Address(ChannelKind.EMAIL, "ann@example.com")),
        Contact(device._replace(text="00c0ffee00000000")),
    ]
    add = partial(adding.add_contacts, contacts=contacts, guards=context.caller.guards, act=context.act())
    ann, bob = await context.database.write(context.caller.account_id, add)
    assert isinstance(ann, Added), ann
    assert isinstance(bob, Added), bob
    ids = spelled("Profile", ann.profile_id), spelled("Channel", ann.channel_ids[0])
    return {
        "masked": masked(device),
        "unreadable": unreadable("coffee"),
        "explanations": [ann.explanation, bob.explanation],
        "reported": await reported(context, *ids),
        "shown": await shown(context, ids[0]),
    }


def unreadable(text: str) -> list[Any]:
    """Why the text is no address of the kind."""
    try:
        return [address(ChannelKind("PUSH"), text, region="US", field=("deviceToken",)).text]
    except Refusal as refusal:
        return [refusal.code, refusal.field, refusal.message]


async def reported(context: Context, profile_id: str, channel_id: str) -> dict[str, Any]:
    """What comes of telling of the device, as a line of a feed does: by its id, its address, and its profile."""
    by_id, by_token = {"channelId": channel_id}, {"deviceToken": TOKEN}
    told: Sequence[tuple[Any, str, str]] = [
        (by_id, "SEND", "2026-01-01T10:00:00Z"),
        (by_id, "OPEN", "2026-01-01T10:01:00Z"),
        (by_token, "RESPONSE", "2026-01-01T10:02:00Z"),
        (by_token, "CLICK", "2026-01-01T10:03:00Z"),
        (by_id, "CLICK", "2026-01-01T10:04:00Z"),
        ({"deviceToken": "coffee"}, "CLICK", "2026-01-01T10:05:00Z"),
        ({"profile": {"id": profile_id, "channelKind": "PUSH"}}, "CLICK", "2026-01-01T10:06:00Z"),
    ]
    feed = [orjson.dumps({"contact": contact, "kind": kind, "occurredAt": at}) for contact, kind, at in told]
    events, refused = lines.all_judged(feed, first=0, now=NOW)
    work = partial(report, events=events, region="US", act=context.act())
    done = await context.database.write(context.caller.account_id, work)
    refusals = {each.place: [each.code, each.field, each.message] for each in (*refused, *done.refused)}
    return {"recorded": len(set[UUID](done.engagement_ids)), "refused": sorted(refusals.items())}


async def shown(context: Context, profile_id: str) -> Any:
    """What the API shows of them."""
    document = graphql_schema.document(SHOWN)
    assert not document.errors, document.errors
    variables = {"id": profile_id}
    result = await graphql_schema.run(document, variables=variables, operation_name=None, context=context)
    assert not result.errors, result.errors
    return result.data


async def all_seen(urls: Sequence[str]) -> list[dict[str, Any]]:
    """What each of the databases makes of it."""
    return [await seen(url) for url in urls]


if __name__ == "__main__":
    sys.stdout.buffer.write(orjson.dumps(asyncio.run(all_seen(sys.argv[1:]))))
