"""Once a person is erased and the database compacted, no byte of who it was is left on disk."""

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import asyncpg
from sqlmodel import SQLModel

from app.db import Database, sqlite_path
from tests.client import Client
from tests.deciding import profiles
from tests.held import erase, held

ROOT = Path(__file__).parents[1]
#: Written once and used again in time, or thrown away: an operator's, as backups are.
LOGS = ("pg_wal", "log")
STRUCTURE = """
SELECT conrelid::regclass || conname || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0
UNION ALL SELECT indexdef FROM pg_indexes
"""


def compact(url: str) -> None:
    subprocess.run([sys.executable, "-m", "app", "compact", "--database-url", url], cwd=ROOT, timeout=60, check=True)


def found(files: Iterable[Path], words: list[str]) -> set[str]:
    """Those of the words that are in one of the files.

    Another process reads them: were this one to close them, the locks of its own server on them would be gone (POSIX).
    """
    named = [str(file) for file in files if file.is_file()]
    content = subprocess.run(["/bin/cat", *named], capture_output=True, check=True).stdout.lower()
    return {word for word in words if word.encode() in content}


async def data_files(url: str) -> list[Path]:
    """The files in which a database keeps its rows, all of them written."""
    path = sqlite_path(url)
    if path is not None:
        return list(path.parent.glob(f"{path.name}*"))
    connection = await asyncpg.connect(url)
    await connection.execute("ANALYZE")  # notes values of rows
    await connection.execute("CHECKPOINT")
    folder = Path(await connection.fetchval("SHOW data_directory"))
    await connection.close()
    return [path for path in folder.rglob("*") if path.relative_to(folder).parts[0] not in LOGS]


async def in_tables(url: str, words: list[str]) -> set[str]:
    """Those of the words that a row of any table has, as text."""
    if sqlite_path(url) is not None:
        return set()  # the file says it all
    connection = await asyncpg.connect(url)
    texts = [
        row[0].lower()
        for table in SQLModel.metadata.tables
        for row in await connection.fetch(f"SELECT t::text FROM {table} t")
    ]
    await connection.close()
    return {word for word in words if any(word in text for text in texts)}


async def structure(url: str) -> set[str]:
    """The constraints and indexes of a database's tables."""
    if sqlite_path(url) is not None:
        return set()  # a VACUUM keeps them
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(STRUCTURE)
    await connection.close()
    assert rows
    return {row[0] for row in rows}


async def test_no_byte_of_who_was_erased_is_left_beside_a_running_server(
    client: Client, database: Database, database_url: str
) -> None:
    person = await held(client, database)
    assert found(await data_files(database_url), person.words) == set(person.words)
    await erase(client, person.profile_id)
    before = await structure(database_url)
    compact(database_url)
    assert await structure(database_url) == before
    assert found(await data_files(database_url), person.words) == set()
    assert await in_tables(database_url, person.words) == set()
    assert len(await profiles(client, "id displayName")) == 3  # and the server goes on
