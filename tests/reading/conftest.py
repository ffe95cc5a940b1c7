"""A server that notes its statements, and two accounts with the same addresses and ids."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import httpx
import pytest
import uvicorn

from app import log
from app.accounts.operations import set_guards
from app.db import Database
from app.live import Feed
from app.signing import Signer
from app.web.edge import Edge
from app.web.graphql import Executing, GraphQL
from tests.client import Client, Served
from tests.conftest import new_client
from tests.reading.evaluation import World, node
from tests.reading.noting import NotingDatabase
from tests.reading.storing import stored, taken
from tests.reading.values import NOW, SECRET
from tests.reading.world import Rows, population, shadow


class Noting:
    """A running server over a database that notes; no dataclass, for Hypothesis would print all of it in a report."""

    def __init__(self, served: Served, database: NotingDatabase, url: str, http: httpx.AsyncClient) -> None:
        self.served = served
        self.database = database
        self.url = url  # of the database
        self.http = http


class Populated:
    """An account with a population, what it must show, and another account's rows, which must never show."""

    def __init__(self, client: Client, world: World, foreign: Rows) -> None:
        self.client = client
        self.world = world
        self.foreign = foreign


@pytest.fixture(scope="session")
async def noting(database_url: str, database: Database) -> AsyncIterator[Noting]:
    """The API behind uvicorn, over a database that notes its statements."""
    log.configure()
    noted = NotingDatabase(database)
    signer, clock = Signer(SECRET, "http://tests"), (NOW + timedelta(microseconds=passed) for passed in count())
    executing = Executing(noted, Feed(noted), lambda: next(clock), SECRET, signer)
    api = GraphQL(executing, max_bytes=1_000_000, demo_key=None)
    server = uvicorn.Server(uvicorn.Config(Edge(api), port=0, log_level="warning", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    async with httpx.AsyncClient(base_url=url, timeout=60) as http:
        yield Noting(Served(url, database), noted, database_url, http)
    server.should_exit = True
    await serving


async def populated(noting: Noting, rows: Rows) -> Populated:
    """An account of its own with these rows, and a stranger's with the same ids and addresses."""
    client, stranger = [await new_client(noting.served, noting.http) for _ in range(2)]
    guarded = await guards_of(noting, client)
    foreign = population(-1)
    await stored(noting.served.database, client.account.account_id, rows)
    await stored(noting.served.database, stranger.account.account_id, shadow(rows))
    other = await new_client(noting.served, noting.http)
    await stored(noting.served.database, other.account.account_id, foreign)
    account = client.account
    shown = node("Account", account.id) | {
        "name": account.name,
        "defaultRegion": account.region,
        "timeZone": account.time_zone,
        **guarded,
    }
    kept = await taken(noting.url, account.account_id)
    return Populated(client, World(account.account_id, shown, ["ADMIN", "READ", "WRITE"], kept), foreign)


async def guards_of(noting: Noting, client: Client) -> dict[str, Any]:
    """Sets the guards of the client's account; they are as the type Account shows them."""
    placeholders, roles = ["nobody@*"], ["ann.3@*"]
    guards = partial(set_guards, max_channels_per_kind=4, placeholder_patterns=placeholders, role_patterns=roles)
    await noting.served.database.write(client.account.account_id, guards)
    return {"maxChannelsPerKind": 4, "placeholderPatterns": placeholders, "rolePatterns": roles}


@pytest.fixture(scope="session")
async def population_one(noting: Noting) -> Populated:
    """The population that random documents are asked about."""
    return await populated(noting, population(1))
