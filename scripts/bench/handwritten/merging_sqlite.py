"""Merging on SQLite: one writer, a durable commit for each merge."""

import sqlite3
from collections.abc import Iterator
from time import perf_counter
from uuid import UUID

from app.db.sqlite import PRAGMAS  # the same durability and caches
from bench.handwritten.merges import REASON, Known, Merge, Pair, Run
from bench.handwritten.sqlite import FACT_CHANNEL, KNOWN

MEMBERS = (
    "SELECT id, kind, home_id, profile_id, created_at FROM channel WHERE account_id = ?1 AND profile_id IN (?2, ?3)"
)
LINK = """INSERT INTO link (account_id, id, first_channel_id, second_channel_id, at, method, actor, trust)
VALUES (?1, ?2, ?3, ?4, ?5, 'API', ?6, 'TRUSTED')"""
MERGE = f"""INSERT INTO merge (account_id, id, link_id, survivor_id, absorbed_id, at, actor, reason)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '{REASON}')"""
CAME = "INSERT INTO merge_channel (account_id, merge_id, channel_id) VALUES (?1, ?2, ?3)"
FACT = "INSERT INTO fact (account_id, id, at, name, actor, data) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
MOVE = "UPDATE channel SET profile_id = ?3 WHERE account_id = ?1 AND id = ?2"
GONE = "DELETE FROM profile WHERE account_id = ?1 AND id = ?2"
#: The survivor's row from what its channels hold now.
RECOMPUTE = """
WITH
  mine AS MATERIALIZED (
    SELECT id, kind, address, created_at, updated_at, primary_since, gdpr_applies, restricted_at
    FROM channel WHERE account_id = ?1 AND profile_id = ?2
  ),
  patched AS (
    SELECT m.key, m.type, m.value, row_number() OVER (
      PARTITION BY m.key ORDER BY p.at DESC, mine.created_at, mine.id, p.id DESC
    ) AS rank
    FROM mine CROSS JOIN field_patch p ON p.account_id = ?1 AND p.channel_id = mine.id CROSS JOIN json_each(p.fields) m
  ),
  won AS MATERIALIZED (SELECT key, type, value FROM patched WHERE rank = 1 AND type <> 'null' ORDER BY key),
  names AS (
    SELECT nullif(trim(
      coalesce((SELECT value FROM won WHERE key = 'first_name' AND type = 'text'), '') || ' ' ||
      coalesce((SELECT value FROM won WHERE key = 'last_name' AND type = 'text'), '')), '') AS name
  ),
  best AS (
    SELECT kind, id, address, row_number() OVER (
      PARTITION BY kind ORDER BY primary_since IS NULL, primary_since DESC, created_at, id
    ) AS rank FROM mine
  )
UPDATE profile SET
  updated_at = max(?3, (SELECT max(updated_at) FROM mine)),
  display_name = coalesce((SELECT name FROM names), (SELECT address FROM best WHERE rank = 1 ORDER BY kind LIMIT 1)),
  email_channel_id = (SELECT id FROM best WHERE kind = 'EMAIL' AND rank = 1),
  sms_channel_id = (SELECT id FROM best WHERE kind = 'SMS' AND rank = 1),
  custom_fields = (SELECT json_group_object(key, CASE type
    WHEN 'true' THEN json('true') WHEN 'false' THEN json('false')
    WHEN 'object' THEN json(value) WHEN 'array' THEN json(value) ELSE value END) FROM won),
  tags = (SELECT json_group_array(tag) FROM (
    SELECT DISTINCT t.tag FROM mine CROSS JOIN channel_tag t ON t.account_id = ?1 AND t.channel_id = mine.id ORDER BY 1
  )),
  gdpr_applies = (SELECT max(gdpr_applies) FROM mine),
  restricted_at = (SELECT min(restricted_at) FROM mine)
WHERE account_id = ?1 AND id = ?2
"""


def go(url: str, account: int, actor: str, pairs: Iterator[Pair], run: Run) -> None:
    """Merges one pair after the other."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, cached_statements=1024)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    run.begin()
    while run.goes_on() and (pair := next(pairs, None)):
        began = perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        merge(connection, account, actor, pair)
        connection.execute("COMMIT")
        run.took.append(perf_counter() - began)
    run.end()
    connection.close()


def merge(connection: sqlite3.Connection, account: int, actor: str, pair: Pair) -> None:
    """Reads, writes, and recomputes; the writer is alone."""
    run = connection.execute
    found = list(map(_known, run(KNOWN, (account, pair.email, pair.mobile))))
    one, other = (channel.profile_id.bytes for channel in found)
    merge = Merge(found, list(map(_known, run(MEMBERS, (account, one, other)))))
    at = merge.at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    survivor, absorbed, link_id = merge.survivor_id.bytes, merge.absorbed_id.bytes, merge.link_id.bytes
    ends = (merge.first_id.bytes, merge.second_id.bytes)
    run(LINK, (account, link_id, *ends, at, actor))
    run(MERGE, (account, merge.id.bytes, link_id, survivor, absorbed, at, actor))
    for id in merge.came:
        run(CAME, (account, merge.id.bytes, id.bytes))
        run(MOVE, (account, id.bytes, survivor))
    for id, name, data in (
        (merge.merged_id, "profiles_merged", merge.merged),
        (merge.added_id, "contact_added", merge.added),
    ):
        run(FACT, (account, id.bytes, at, name, actor, data))
        connection.executemany(FACT_CHANNEL, [(account, id.bytes, end, at) for end in ends])
    run(RECOMPUTE, (account, survivor, at))
    run(GONE, (account, absorbed))


def _known(row: tuple[bytes, str, bytes, bytes, str]) -> Known:
    id, kind, home_id, profile_id, created_at = row
    return Known(UUID(bytes=id), kind, UUID(bytes=home_id), UUID(bytes=profile_id), created_at)
