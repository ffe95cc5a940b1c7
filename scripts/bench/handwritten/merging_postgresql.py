"""Merging on PostgreSQL: a transaction of seven round trips, on a pool."""

import asyncio
from collections.abc import Iterator
from time import perf_counter

import asyncpg

from bench.handwritten.merges import REASON, Known, Merge, Pair, Run
from bench.handwritten.postgresql import CONNECTIONS, KNOWN, SESSION

CLIENTS = 24
LOCK = "SELECT id FROM profile WHERE account_id = $1 AND id = ANY ($2) ORDER BY id FOR NO KEY UPDATE"
MEMBERS = (
    "SELECT id, kind, home_id, profile_id, created_at FROM channel WHERE account_id = $1 AND profile_id = ANY ($2)"
)
WRITE = f"""
WITH
  new_link AS (
    INSERT INTO link (account_id, id, first_channel_id, second_channel_id, at, method, actor, trust)
    VALUES ($1, $2, $3, $4, $5, 'API', $6, 'TRUSTED')
  ),
  new_merge AS (
    INSERT INTO merge (account_id, id, link_id, survivor_id, absorbed_id, at, actor, reason)
    VALUES ($1, $7, $2, $8, $9, $5, $6, '{REASON}')
  ),
  came AS (
    INSERT INTO merge_channel (account_id, merge_id, channel_id)
    SELECT $1, $7, id FROM unnest($10::uuid[]) AS c (id)
  ),
  facts AS (
    INSERT INTO fact (account_id, id, at, name, actor, data)
    VALUES ($1, $11, $5, 'profiles_merged', $6, $12), ($1, $13, $5, 'contact_added', $6, $14)
  ),
  about AS (
    INSERT INTO fact_channel (account_id, id, channel_id, at)
    VALUES ($1, $11, $3, $5), ($1, $11, $4, $5), ($1, $13, $3, $5), ($1, $13, $4, $5)
  )
UPDATE channel SET profile_id = $8 WHERE account_id = $1 AND id = ANY ($10)
"""
#: The survivor's row from what its channels hold now.
RECOMPUTE = """
WITH
  mine AS (
    SELECT id, kind, address, created_at, updated_at, primary_since, gdpr_applies, restricted_at
    FROM channel WHERE account_id = $1 AND profile_id = $2
  ),
  shown AS (
    SELECT coalesce(jsonb_object_agg(key, value) FILTER (WHERE value <> 'null'), '{}') AS fields
    FROM (
      SELECT DISTINCT ON (m.key) m.key, m.value
      FROM mine JOIN field_patch p ON p.account_id = $1 AND p.channel_id = mine.id, jsonb_each(p.fields) m
      ORDER BY m.key, p.at DESC, mine.created_at, mine.id, p.id DESC
    ) won
  ),
  names AS (
    SELECT nullif(trim(concat_ws(' ',
      CASE jsonb_typeof(fields -> 'first_name') WHEN 'string' THEN fields ->> 'first_name' END,
      CASE jsonb_typeof(fields -> 'last_name') WHEN 'string' THEN fields ->> 'last_name' END)), '') AS name
    FROM shown
  ),
  best AS (
    SELECT DISTINCT ON (kind) kind, id, address FROM mine
    ORDER BY kind, primary_since DESC NULLS LAST, created_at, id
  ),
  gone AS (DELETE FROM profile WHERE account_id = $1 AND id = $3)
UPDATE profile SET
  updated_at = greatest($4, (SELECT max(updated_at) FROM mine)),
  display_name = coalesce(names.name, (SELECT address FROM best ORDER BY kind LIMIT 1)),
  email_channel_id = (SELECT id FROM best WHERE kind = 'EMAIL'),
  sms_channel_id = (SELECT id FROM best WHERE kind = 'SMS'),
  custom_fields = shown.fields,
  tags = coalesce((
    SELECT jsonb_agg(DISTINCT t.tag ORDER BY t.tag) FROM mine
    JOIN channel_tag t ON t.account_id = $1 AND t.channel_id = mine.id
  ), '[]'),
  gdpr_applies = (SELECT bool_or(gdpr_applies) FROM mine),
  restricted_at = (SELECT min(restricted_at) FROM mine)
FROM shown, names
WHERE account_id = $1 AND profile.id = $2
"""


async def go(url: str, account: int, actor: str, pairs: Iterator[Pair], run: Run) -> None:
    """Many clients merge one pair after the other."""
    pool = await asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS, server_settings=SESSION)

    async def client() -> None:
        while run.goes_on() and (pair := next(pairs, None)):
            began = perf_counter()
            async with pool.acquire() as connection, connection.transaction():
                await merge(connection, account, actor, pair)
            run.took.append(perf_counter() - began)

    run.begin()
    await asyncio.gather(*(client() for _ in range(CLIENTS)))
    run.end()
    await pool.close()


async def merge(connection: asyncpg.Connection, account: int, actor: str, pair: Pair) -> None:
    """Reads, locks, reads what is locked, writes, and recomputes."""
    found = [Known(*row) for row in await connection.fetch(KNOWN, account, pair.email, pair.mobile)]
    profile_ids = [channel.profile_id for channel in found]
    locked = await connection.fetch(LOCK, account, profile_ids)
    members = [Known(*row) for row in await connection.fetch(MEMBERS, account, profile_ids)]
    if len(locked) < 2 or any(channel not in members for channel in found):
        raise NotImplementedError("this yardstick is for pairs that nobody else merges")
    merge = Merge(found, members)
    ends = (merge.link_id, merge.first_id, merge.second_id, merge.at, actor)
    profiles = (merge.id, merge.survivor_id, merge.absorbed_id, merge.came)
    facts = (merge.merged_id, merge.merged, merge.added_id, merge.added)
    await connection.execute(WRITE, account, *ends, *profiles, *facts)
    await connection.execute(RECOMPUTE, account, merge.survivor_id, merge.absorbed_id, merge.at)
