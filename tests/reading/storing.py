"""Rows into the database and out again: in by the statements of `app.db`, out by plain SQL on plain drivers."""

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import asyncpg

from app import tables
from app.db import Database, Writer, inserting, sqlite_path
from app.profiles import operations as profiles
from tests.reading.world import Row, Rows

#: In the order in which they refer to each other.
INSERTS = {
    "topic": inserting(tables.Topic),
    "keyword": inserting(tables.Keyword),
    "form": inserting(tables.Form),
    "import": inserting(tables.Import),
    "import_mistake": inserting(tables.ImportMistake),
    "channel": inserting(tables.Channel),
    "channel_topic": inserting(tables.ChannelTopic),
    "field_patch": inserting(tables.FieldPatch),
    "channel_tag": inserting(tables.ChannelTag),
    "channel_word": inserting(tables.ChannelWord),
    "consent_record": inserting(tables.ConsentRecord),
    "link": inserting(tables.Link),
    "merge": inserting(tables.Merge),
    "merge_channel": inserting(tables.MergeChannel),
    "engagement": inserting(tables.Engagement),
    "engagement_count": inserting(tables.EngagementCount),
    "never_link": inserting(tables.NeverLink),
    "never_link_channel": inserting(tables.NeverLinkChannel),
    "link_proposal": inserting(tables.LinkProposal),
    "fact": inserting(tables.Fact),
    "fact_channel": inserting(tables.FactChannel),
}
#: What no answer shows.
UNSHOWN = {"import_chunk": inserting(tables.ImportChunk), "import_batch": inserting(tables.ImportBatch)}
BOOLEANS = frozenset(["gdpr_applies", "time_given", "capture_email", "double_opt_in", "trusted", "dry_run", "undoing"])
JSON_COLUMNS = frozenset(["fields", "properties", "data", "options", "form"])


async def stored(database: Database, account_id: int, rows: Rows) -> None:
    """Puts the rows into an account, and has the profiles made of them."""
    await database.write(account_id, partial(_store, rows=rows))


async def _store(writer: Writer, rows: Rows) -> None:
    for table, statement in {**INSERTS, **UNSHOWN}.items():
        if rows.get(table):
            await writer.execute_many(statement, rows[table])
    await profiles.maintain(writer, ids={row["profile_id"] for row in rows["channel"]})  # when the transaction ends


async def taken(url: str, account_id: int) -> Rows:
    """All rows of an account, as they are stored; profiles are not among them, for they are made of the others."""
    rows = {}
    for table in INSERTS:
        sql = f"SELECT * FROM {table} WHERE account_id = {account_id}"
        rows[table] = [_plain(row) for row in await selected(url, sql)]
    return rows


async def selected(url: str, sql: str) -> list[Row]:
    """The rows of a query."""
    path = sqlite_path(url)
    if path is None:
        connection = await asyncpg.connect(url)
        try:
            return [dict(row) for row in await connection.fetch(sql)]
        finally:
            await connection.close()
    with closing(sqlite3.connect(path)) as file:
        file.row_factory = sqlite3.Row
        return [dict(row) for row in file.execute(sql).fetchall()]


def _plain(row: Iterable[tuple[str, Any]] | Row) -> Row:
    return {name: _value(name, value) for name, value in dict(row).items() if name != "account_id"}


def _value(name: str, value: Any) -> Any:
    """A stored value as Python has it: each database has its own way with ids, times and booleans."""
    match value:
        case bytes():
            return UUID(bytes=value)
        case str() if name in JSON_COLUMNS:
            return json.loads(value)
        case str() if name == "at" or name.endswith(("_at", "_since")):
            return datetime.fromisoformat(value)
        case int() if name in BOOLEANS:
            return bool(value)
        case UUID():  # asyncpg's own kind
            return UUID(int=value.int)
        case _:
            return value
