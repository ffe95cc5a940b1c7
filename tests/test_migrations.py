"""Migrations make just what the tables declare, on both databases, and keep what is stored."""

import asyncio
import re
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel

from app import acts, migrations
from app.accounts import operations
from app.db import open_database
from tests.conftest import created

COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, collation_name FROM information_schema.columns
WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT conrelid::regclass::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> 'alembic_version' ORDER BY 1, 2
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"


def declared_on_sqlite(path: Path) -> list[str]:
    """What SQLite says of the tables and indexes in the file, without white space and in any order of lines.

    Nor with quotation marks: a table that was made anew has its name in them.
    """
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sql FROM sqlite_master WHERE sql NOT NULL AND name <> 'alembic_version'"
        )
        found = [" ".join(sorted(re.split(r"\s*[,\n]\s*", row[0].replace('"', "")))) for row in rows]
    engine.dispose()
    return sorted(found)


async def test_migrations_and_tables_are_equal_on_sqlite(tmp_path: Path) -> None:
    await migrations.upgrade(f"sqlite:///{tmp_path / 'migrated.db'}")
    engine = create_engine(f"sqlite:///{tmp_path / 'declared.db'}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()
    assert declared_on_sqlite(tmp_path / "migrated.db") == declared_on_sqlite(tmp_path / "declared.db")


async def declared_on_postgresql(url: str) -> list[list[tuple[object, ...]]]:
    connection = await asyncpg.connect(url)
    found = [[tuple(row) for row in await connection.fetch(query)] for query in (COLUMNS, CONSTRAINTS, INDEXES)]
    await connection.close()
    return found


async def test_migrations_and_tables_are_equal_on_postgresql(postgresql: str, empty_database: str) -> None:
    await migrations.upgrade(empty_database)
    declared = await created(postgresql)
    engine = create_async_engine(declared.replace("postgresql://", "postgresql+asyncpg://"))
    async with engine.begin() as connection:
        await connection.run_sync(SQLModel.metadata.create_all)
    await engine.dispose()
    assert await declared_on_postgresql(empty_database) == await declared_on_postgresql(declared)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_upgrading_again_and_at_once_changes_nothing(kind: str, tmp_path: Path, empty_database: str) -> None:
    url = f"sqlite:///{tmp_path / 'tandem.db'}" if kind == "sqlite" else empty_database
    await asyncio.gather(*(migrations.upgrade(url) for _ in range(3)))
    database = await open_database(url)
    account = await database.write(
        0, lambda writer: operations.create(writer, name="Kept", region="US", time_zone="UTC", now=acts.now())
    )
    await database.close()
    await migrations.upgrade(url)
    database = await open_database(url)
    async with database.reading(0) as reader:
        assert (await operations.tenant(reader, given="Kept")).id == account.id
    await database.close()
