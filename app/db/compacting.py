"""Rewriting what is stored, so that the disk keeps nothing of rows that were removed."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import asyncpg

WAIT_SECONDS = 60
#: Statistics keep values of rows, frequent ones and bounds; of a table that is empty by now, until they are cleared.
CLEAR = """
SELECT pg_clear_attribute_stats(n.nspname, c.relname, a.attname, false)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.oid = $1::text::regclass AND a.attnum > 0 AND NOT a.attisdropped
"""
CLEARS = 180_000  # versions before cannot
STATISTICS = "pg_catalog.pg_statistic"
#: ANALYZE leaves the statistics of a table that is empty as they were. A column's are dropped with its type, also where
#: it gets the same one again, which is no work in an empty table. What a check confines to codes tells of nobody.
FORGETTING = """
SELECT format('ALTER TABLE %s ALTER %I TYPE %s', attrelid::regclass, attname, format_type(atttypid, atttypmod))
       || CASE WHEN attcollation = 0 THEN '' ELSE ' COLLATE ' || attcollation::regcollation END
  FROM pg_attribute
 WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped
   AND atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype)
   AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = attrelid AND contype = 'c' AND attnum = ANY (conkey))
"""


class StillRead(Exception):
    """Somebody reads the file all the while, so that its log cannot be cut off."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"Somebody reads {path} all the while. Stop the server, or try again when less is asked.")


async def compact_sqlite(path: Path) -> None:
    """Rewrites the file without what was removed, and empties its write-ahead log. Raises StillRead."""
    await asyncio.to_thread(_compact, path)


def _compact(path: Path) -> None:
    with closing(sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)) as connection:
        connection.execute("VACUUM")
        [(busy, _, _)] = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if busy:
        raise StillRead(path)


async def compact_postgresql(url: str, tables: Sequence[str]) -> None:
    """Rewrites the tables without what was removed, and what the database noted of their values.

    Each is locked meanwhile. Archived and not yet reused write-ahead log, replicas' and backups are the operator's.
    """
    connection = await asyncpg.connect(url)
    try:
        version = int(await connection.fetchval("SHOW server_version_num"))
        for table in tables:
            if version >= CLEARS:
                await connection.execute(CLEAR, table)
            await connection.execute(f"VACUUM (FULL, ANALYZE) {table}")
            if await connection.fetchval(f"SELECT NOT EXISTS (SELECT FROM {table})"):
                await _forget_statistics(connection, table)
        await connection.execute(f"VACUUM (FULL) {STATISTICS}")
    finally:
        await connection.close()


async def _forget_statistics(connection: asyncpg.Connection, table: str) -> None:
    """Drops what was noted of the texts of an empty table."""
    for change in await connection.fetch(FORGETTING, table):
        await connection.execute(change[0])
