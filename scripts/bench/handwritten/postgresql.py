"""Hand-written SQL for PostgreSQL: JSON put together by the database, a contact written by one statement."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from bench.callers import SQL, Caller
from bench.handwritten.contacts import Contact, dumped

CONNECTIONS = 16
TRIES = 9
SESSION = {"timezone": "UTC", "jit": "off", "plan_cache_mode": "force_generic_plan"}

# ---- reading: concatenation is a quarter faster here than json_build_object and json_agg

TIME = """to_char(e.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
PROFILE = """'{"id":"profile_' || encode(uuid_send(p.id), 'hex') || '","displayName":' || to_json(p.display_name)
|| CASE WHEN p.email_channel_id IS NOT NULL AND p.sms_channel_id IS NOT NULL
  THEN ',"isLinked":true' ELSE ',"isLinked":false' END"""
CHANNELS = """',"channels":[' || (
  SELECT string_agg('{"id":"channel_' || encode(uuid_send(c.id), 'hex') || '","kind":"' || c.kind
    || '","address":' || to_json(c.address) || '}', ',')
  FROM (SELECT id, kind, address FROM channel WHERE account_id = $1 AND profile_id = p.id ORDER BY created_at, id) c
) || ']'"""
ENGAGEMENTS = f"""',"engagements":[' || coalesce((
  SELECT string_agg('{{"id":"engagement_' || encode(uuid_send(e.id), 'hex') || '","kind":"' || e.kind
    || '","occurredAt":"' || {TIME} || '"}}', ',')
  FROM (
    SELECT e.id, e.kind, e.occurred_at
    FROM channel c CROSS JOIN LATERAL (
      SELECT id, kind, occurred_at FROM engagement
      WHERE account_id = $1 AND channel_id = c.id ORDER BY occurred_at DESC, id DESC LIMIT %d
    ) e
    WHERE c.account_id = $1 AND c.profile_id = p.id
    ORDER BY e.occurred_at DESC, e.id DESC LIMIT %d
  ) e
), '') || ']'"""
NEWEST = """(
  SELECT id, display_name, email_channel_id, sms_channel_id FROM profile
  WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT 50
) p"""
ONE_PROFILE = f"""
SELECT {PROFILE} || {CHANNELS} || {ENGAGEMENTS % (20, 20)} || '}}'
FROM channel home JOIN profile p ON p.account_id = $1 AND p.id = home.profile_id
WHERE home.account_id = $1 AND home.home_id = $2"""
PAGE = f"SELECT '[' || string_agg({PROFILE} || {CHANNELS} || '}}', ',') || ']' FROM {NEWEST}"
PAGE_WITH_ENGAGEMENTS = (
    f"SELECT '[' || string_agg({PROFILE} || {CHANNELS} || {ENGAGEMENTS % (5, 5)} || '}}', ',') || ']' FROM {NEWEST}"
)

# ---- writing

KNOWN = """SELECT id, kind, home_id, profile_id, created_at FROM channel
WHERE account_id = $1 AND (kind = 'EMAIL' AND address = $2 OR kind = 'SMS' AND address = $3)"""
#: Where another request was faster, a unique constraint fails the statement as a whole, and all is tried again.
ADD = """
WITH
  new_profile AS (
    INSERT INTO profile (account_id, id, created_at, updated_at, method, display_name, email_channel_id,
      sms_channel_id, custom_fields, tags, gdpr_applies)
    VALUES ($1, $2, $3, $3, 'API', $4, $5, $6, $7, '[]', false)
  ),
  new_channels AS (
    INSERT INTO channel (account_id, id, home_id, profile_id, kind, address, created_at, updated_at, method,
      gdpr_applies, deliverability, consent_status, consent_count)
    SELECT $1, id, home_id, $2, kind, address, $3, $3, 'API', false, 'ACTIVE', 'NOT_COLLECTED', 0
    FROM unnest($8::uuid[], $9::uuid[], $10::text[], $11::text[]) AS c (id, home_id, kind, address)
  ),
  new_words AS (
    INSERT INTO channel_word (account_id, word, channel_id)
    SELECT $1, word, channel_id FROM unnest($12::text[], $13::uuid[]) AS w (word, channel_id)
  ),
  new_link AS (
    INSERT INTO link (account_id, id, first_channel_id, second_channel_id, at, method, actor, trust)
    SELECT $1, $14, $15, $16, $3, 'API', $17, 'TRUSTED' WHERE $16::uuid IS NOT NULL
  ),
  new_patch AS (
    INSERT INTO field_patch (account_id, id, channel_id, at, method, fields)
    SELECT $1, $18, $19, $3, 'API', $20 WHERE $20::jsonb <> '{}'
  ),
  new_fact AS (
    INSERT INTO fact (account_id, id, at, name, actor, data) VALUES ($1, $21, $3, 'contact_added', $17, $22)
  )
INSERT INTO fact_channel (account_id, id, channel_id, at) SELECT $1, $21, id, $3 FROM unnest($8::uuid[]) AS c (id)
"""


class _Connection(asyncpg.Connection):  # type: ignore[misc]
    def get_reset_query(self) -> str:
        """Nothing to reset: nothing here leaves anything in the session."""
        return ""


class PostgreSQL:
    """The endpoints' database."""

    def __init__(self, url: str) -> None:
        self._url = url

    async def open(self) -> None:
        """Opens the pool."""
        self._pool = await asyncpg.create_pool(
            self._url, min_size=2, max_size=CONNECTIONS, connection_class=_Connection, server_settings=SESSION
        )

    async def close(self) -> None:
        """Ends all connections."""
        await self._pool.close()

    async def _value(self, sql: str, *values: Any) -> Any:
        async with self._pool.acquire() as connection:
            return await connection.fetchval(sql, *values)

    async def caller(self, digest: str) -> Caller | None:
        """Whom a key speaks for."""
        async with self._pool.acquire() as connection:
            row = await connection.fetchrow(SQL.format(digest="$1", now="$2"), digest, datetime.now(UTC))
        return Caller(*row) if row else None

    async def profile(self, account_id: int, id: UUID) -> str | None:
        """One profile with its channels and its last 20 engagements."""
        return await self._value(ONE_PROFILE, account_id, id)  # type: ignore[no-any-return]

    async def profiles(self, account_id: int) -> str:
        """The newest 50 with their channels."""
        return str(await self._value(PAGE, account_id))

    async def profiles_with_engagements(self, account_id: int) -> str:
        """The newest 50 with their channels and last 5 engagements."""
        return str(await self._value(PAGE_WITH_ENGAGEMENTS, account_id))

    async def add(self, caller: Caller, contact: Contact) -> None:
        """Writes a new contact; durable when it returns."""
        for attempt in range(TRIES):
            try:
                return await self._add(caller, contact)
            except asyncpg.UniqueViolationError:
                if attempt == TRIES - 1:
                    raise
        return None

    async def _add(self, caller: Caller, contact: Contact) -> None:
        account = caller.account_id
        by_kind = {channel.kind: channel for channel in contact.channels}
        email, sms = (by_kind.get(kind) for kind in ("EMAIL", "SMS"))
        first, second = (*contact.channels, None)[:2]
        listed, words = [channel for channel in (email, sms) if channel], contact.words
        async with self._pool.acquire() as connection, connection.transaction():
            if await connection.fetch(KNOWN, account, email and email.address, sms and sms.address):
                raise NotImplementedError("this yardstick is for new contacts; an address is known already")
            await connection.execute(
                ADD,
                account,
                contact.profile_id,
                contact.at,
                contact.display_name,
                email and email.id,
                sms and sms.id,
                dumped(contact.shown),
                [channel.id for channel in listed],
                [channel.home_id for channel in listed],
                [channel.kind for channel in listed],
                [channel.address for channel in listed],
                [word for word, _ in words],
                [id for _, id in words],
                contact.link_id,
                first and first.id,
                second and second.id,
                caller.name,
                contact.patch_id,
                contact.own.id,
                dumped(contact.fields),
                contact.fact_id,
                dumped(contact.fact),
            )
