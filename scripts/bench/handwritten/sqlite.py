"""Hand-written SQL for SQLite: JSON put together by the database, one writer."""

import asyncio
import sqlite3
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import aiosqlite

from app.db.sqlite import PRAGMAS  # the same durability and caches
from bench.callers import SQL, Caller
from bench.handwritten.contacts import Contact, dumped

READERS = 4
# ---- reading: concatenation is a little faster here than json_object and json_group_array

PROFILE = """'{"id":"profile_' || lower(hex(p.id)) || '","displayName":' || json_quote(p.display_name)
|| iif(p.email_channel_id IS NOT NULL AND p.sms_channel_id IS NOT NULL, ',"isLinked":true', ',"isLinked":false')"""
CHANNELS = """',"channels":[' || (
  SELECT group_concat('{"id":"channel_' || lower(hex(c.id)) || '","kind":"' || c.kind
    || '","address":' || json_quote(c.address) || '}')
  FROM (SELECT id, kind, address FROM channel WHERE account_id = ?1 AND profile_id = p.id ORDER BY created_at, id) c
) || ']'"""
ENGAGEMENTS = """',"engagements":[' || coalesce((
  SELECT group_concat('{"id":"engagement_' || lower(hex(e.id)) || '","kind":"' || e.kind
    || '","occurredAt":"' || e.occurred_at || '"}')
  FROM (
    SELECT e.id, e.kind, e.occurred_at
    FROM channel c CROSS JOIN engagement e
    WHERE c.account_id = ?1 AND c.profile_id = p.id AND e.account_id = ?1 AND e.channel_id = c.id
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT %d
  ) e
), '') || ']'"""
NEWEST = """(
  SELECT id, display_name, email_channel_id, sms_channel_id FROM profile
  WHERE account_id = ?1 ORDER BY created_at DESC, id DESC LIMIT 50
) p"""
ONE_PROFILE = f"""
SELECT {PROFILE} || {CHANNELS} || {ENGAGEMENTS % 20} || '}}'
FROM channel home JOIN profile p ON p.account_id = ?1 AND p.id = home.profile_id
WHERE home.account_id = ?1 AND home.home_id = ?2"""
PAGE = f"SELECT '[' || group_concat({PROFILE} || {CHANNELS} || '}}') || ']' FROM {NEWEST}"
PAGE_WITH_ENGAGEMENTS = (
    f"SELECT '[' || group_concat({PROFILE} || {CHANNELS} || {ENGAGEMENTS % 5} || '}}') || ']' FROM {NEWEST}"
)

# ---- writing

KNOWN = """SELECT id, kind, home_id, profile_id, created_at FROM channel
WHERE account_id = ?1 AND (kind = 'EMAIL' AND address = ?2 OR kind = 'SMS' AND address = ?3)"""
CHANNEL = """INSERT INTO channel (account_id, id, home_id, profile_id, kind, address, created_at, updated_at, method,
  gdpr_applies, deliverability, consent_status, consent_count)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7, 'API', 0, 'ACTIVE', 'NOT_COLLECTED', 0)"""
WORD = "INSERT INTO channel_word (account_id, word, channel_id) VALUES (?1, ?2, ?3)"
LINK = """INSERT INTO link (account_id, id, first_channel_id, second_channel_id, at, method, actor, trust)
VALUES (?1, ?2, ?3, ?4, ?5, 'API', ?6, 'TRUSTED')"""
PATCH = "INSERT INTO field_patch (account_id, id, channel_id, at, method, fields) VALUES (?1, ?2, ?3, ?4, 'API', ?5)"
NEW_PROFILE = """INSERT INTO profile (account_id, id, created_at, updated_at, method, display_name, email_channel_id,
  sms_channel_id, custom_fields, tags, gdpr_applies)
VALUES (?1, ?2, ?3, ?3, 'API', ?4, ?5, ?6, ?7, '[]', 0)"""
FACT = "INSERT INTO fact (account_id, id, at, name, actor, data) VALUES (?1, ?2, ?3, 'contact_added', ?4, ?5)"
FACT_CHANNEL = "INSERT INTO fact_channel (account_id, id, channel_id, at) VALUES (?1, ?2, ?3, ?4)"


class SQLite:
    """The endpoints' database."""

    def __init__(self, url: str) -> None:
        self._path = url.removeprefix("sqlite:///")
        self._readers: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._thread = ThreadPoolExecutor(1)

    async def open(self) -> None:
        """Opens the readers, and the one writer in a thread of its own."""
        for _ in range(READERS):
            reader = await aiosqlite.connect(self._path, isolation_level=None, cached_statements=1024)
            for pragma in (*PRAGMAS, "PRAGMA query_only = ON"):
                await reader.execute_fetchall(pragma)
            self._readers.put_nowait(reader)
        await asyncio.get_running_loop().run_in_executor(self._thread, self._open_writer)

    def _open_writer(self) -> None:
        self._writer = sqlite3.connect(self._path, isolation_level=None, cached_statements=1024)
        for pragma in PRAGMAS:
            self._writer.execute(pragma)

    async def close(self) -> None:
        """Ends all connections."""
        await asyncio.get_running_loop().run_in_executor(self._thread, lambda: self._writer.close())
        for _ in range(READERS):
            await (await self._readers.get()).close()

    async def _rows(self, sql: str, values: Sequence[Any]) -> list[Any]:
        reader = await self._readers.get()
        try:
            return list(await reader.execute_fetchall(sql, values))
        finally:
            self._readers.put_nowait(reader)

    async def caller(self, digest: str) -> Caller | None:
        """Whom a key speaks for."""
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rows = await self._rows(SQL.format(digest="?1", now="?2"), (digest, now))
        return Caller(*rows[0]) if rows else None

    async def profile(self, account_id: int, id: UUID) -> str | None:
        """One profile with its channels and its last 20 engagements."""
        rows = await self._rows(ONE_PROFILE, (account_id, id.bytes))
        return rows[0][0] if rows else None

    async def profiles(self, account_id: int) -> str:
        """The newest 50 with their channels."""
        return str((await self._rows(PAGE, (account_id,)))[0][0])

    async def profiles_with_engagements(self, account_id: int) -> str:
        """The newest 50 with their channels and last 5 engagements."""
        return str((await self._rows(PAGE_WITH_ENGAGEMENTS, (account_id,)))[0][0])

    async def add(self, caller: Caller, contact: Contact) -> None:
        """Writes a new contact; durable when it returns."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._add, caller, contact)

    def _add(self, caller: Caller, contact: Contact) -> None:
        run = self._writer.execute
        run("BEGIN IMMEDIATE")
        try:
            self._insert(caller.account_id, caller.name, contact)
            run("COMMIT")
        except BaseException:
            run("ROLLBACK")
            raise

    def _insert(self, account: int, actor: str, contact: Contact) -> None:
        run, at = self._writer.execute, contact.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        by_kind = {channel.kind: channel for channel in contact.channels}
        email, sms = (by_kind.get(kind) for kind in ("EMAIL", "SMS"))
        known = run(KNOWN, (account, email and email.address, sms and sms.address)).fetchall()
        if known:
            raise NotImplementedError("this yardstick is for new contacts; an address is known already")
        profile_id = contact.profile_id.bytes
        for channel in filter(None, (email, sms)):
            ids = (channel.id.bytes, channel.home_id.bytes, profile_id)
            run(CHANNEL, (account, *ids, channel.kind, channel.address, at))
        self._writer.executemany(WORD, [(account, word, id.bytes) for word, id in contact.words])
        if len(contact.channels) == 2:
            run(LINK, (account, contact.link_id.bytes, *(c.id.bytes for c in contact.channels), at, actor))
        if contact.fields:
            run(PATCH, (account, contact.patch_id.bytes, contact.own.id.bytes, at, dumped(contact.fields)))
        ids = (email and email.id.bytes, sms and sms.id.bytes)  # type: ignore[assignment]
        run(NEW_PROFILE, (account, profile_id, at, contact.display_name, *ids, dumped(contact.shown)))
        fact_id = contact.fact_id.bytes
        run(FACT, (account, fact_id, at, actor, dumped(contact.fact)))
        self._writer.executemany(FACT_CHANNEL, [(account, fact_id, c.id.bytes, at) for c in contact.channels])
