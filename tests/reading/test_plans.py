"""No step of a plan reads a large table by its account alone: both databases keep to the indexes."""

import json
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest

from app import migrations
from app.db import sqlite_path
from tests.reading.conftest import Noting
from tests.reading.test_golden import DOCUMENTS, issued_by

#: The tables of which an account has many more rows than an answer is made of.
LARGE = (
    "engagement",
    "engagement_count",
    "channel",
    "channel_tag",
    "channel_topic",
    "channel_word",
    "consent_record",
    "field_patch",
    "link",
    "merge",
    "merge_channel",
    "never_link",
    "never_link_channel",
    "fact",
    "fact_channel",
)
#: What PostgreSQL and the tables' declarations add to the name of a table to name an index.
INDEXES = "_pkey|_account_id_.*_key|_channel|_profile|_state|_account|_last|_topic|_(first|second)(_claimed)?|_link"
#: The documents that are about a whole account: one counts it, others read a page of it in the order of an index.
COUNTING = "channel_counts"
IN_ORDER = {
    "account_timeline": "engagement_account",
    "account_timeline_filtered": "engagement_account",
    "last_engaged": "engagement_count_last",
}
_STEP = re.compile(r"(?P<way>SCAN|SEARCH) (?P<alias>\w+)(?: USING .*?(?P<by>\(.*\))?)?$")
_COMPARED = re.compile(r"\W*(?:ROW\()?\W*(\w+)")

FILL = """
INSERT INTO account (account_id, id, name, default_region, time_zone, created_at)
SELECT n, md5('account' || n)::uuid, 'Filled', 'US', 'UTC', now() FROM generate_series(1, 3) n;

INSERT INTO profile (account_id, id, created_at, updated_at, method, display_name, email_channel_id, sms_channel_id,
  custom_fields, tags, gdpr_applies)
SELECT 1 + n % 3, md5('home' || n || 'EMAIL')::uuid, moment, moment, 'API', 'Ann ' || n, md5(n || 'EMAIL')::uuid,
  md5(n || 'SMS')::uuid, '{}', '[]', false
FROM generate_series(1, 6000) n, LATERAL (SELECT now() - n * interval '1 minute' AS moment) at;

INSERT INTO channel (account_id, id, home_id, profile_id, kind, address, created_at, updated_at, method, gdpr_applies,
  deliverability, consent_status, consent_count)
SELECT 1 + n % 3, md5(n || kind)::uuid, md5('home' || n || kind)::uuid, md5('home' || n || 'EMAIL')::uuid, kind,
  n || kind, now() - n * interval '1 minute', now(), 'API', false, 'ACTIVE', 'NOT_COLLECTED', 0
FROM generate_series(1, 6000) n, unnest(ARRAY['EMAIL', 'SMS']) kind;

INSERT INTO channel_word (account_id, word, channel_id)
SELECT account_id, word, id FROM channel, unnest(ARRAY[address, left(id::text, 4), 'example.com']) word;

INSERT INTO engagement (account_id, id, channel_id, kind, occurred_at, recorded_at, properties)
SELECT account_id, md5(id::text || n)::uuid, id, 'OPEN', now() - random() * interval '90 days', now(), '{}'
FROM channel, generate_series(1, 2) n;

INSERT INTO engagement_count (account_id, channel_id, kind, count, first_at, last_at)
SELECT account_id, channel_id, kind, count(*), min(occurred_at), max(occurred_at)
FROM engagement GROUP BY account_id, channel_id, kind;

INSERT INTO field_patch (account_id, id, channel_id, at, method, fields)
SELECT account_id, id, id, now(), 'API', '{"first_name": "Ann"}' FROM channel;

INSERT INTO topic (account_id, id, key, name, created_at)
SELECT n, md5('topic' || m)::uuid, 'topic ' || m, 'Topic', now() FROM generate_series(1, 3) n, generate_series(1, 5) m;

INSERT INTO channel_topic (account_id, channel_id, topic_id, status, at, record_id)
SELECT channel.account_id, channel.id, topic.id, 'OPTED_OUT', now(), channel.id
FROM channel, topic WHERE topic.account_id = channel.account_id AND topic.key IN ('topic 1', 'topic 2');

INSERT INTO channel_tag (account_id, channel_id, tag, at, method)
SELECT account_id, id, 'vip', now(), 'API' FROM channel;

INSERT INTO consent_record (account_id, id, channel_id, number, act, time_given, method, occurred_at, recorded_at,
  actor, digest)
SELECT account_id, md5(id::text || n)::uuid, id, n, 'OPT_IN', true, 'API', now() - n * interval '1 day', now(), '', ''
FROM channel, generate_series(1, 3) n;

INSERT INTO link (account_id, id, first_channel_id, second_channel_id, at, method, actor, trust)
SELECT 1 + n % 3, md5('link' || n)::uuid, md5(n || 'EMAIL')::uuid, md5(n || 'SMS')::uuid, now(), 'API', '', 'TRUSTED'
FROM generate_series(1, 6000) n;

INSERT INTO merge (account_id, id, link_id, survivor_id, absorbed_id, at, actor, reason)
SELECT account_id, id, id, id, id, now(), '', '' FROM link;

INSERT INTO merge_channel (account_id, merge_id, channel_id) SELECT account_id, id, second_channel_id FROM link;

INSERT INTO never_link (account_id, id, at, actor) SELECT account_id, id, at, '' FROM link;

INSERT INTO never_link_channel (account_id, never_link_id, channel_id, side)
SELECT account_id, id, first_channel_id, 0 FROM link UNION ALL SELECT account_id, id, second_channel_id, 1 FROM link;

INSERT INTO link_proposal (account_id, id, first_channel_id, second_channel_id, reason, resolution, created_at, method,
  actor, trust)
SELECT account_id, id, first_channel_id, second_channel_id, 'ROLE_ADDRESS',
  CASE WHEN get_byte(uuid_send(id), 0) < 8 THEN 'OPEN' ELSE 'REJECTED' END, at, method, '', trust FROM link;

INSERT INTO fact (account_id, id, at, name, actor, data)
SELECT account_id, md5(id::text || n)::uuid, now() - n * interval '1 hour', 'contact_added', '', '{}'
FROM link, generate_series(1, 2) n;

INSERT INTO fact_channel (account_id, id, channel_id, at)
SELECT fact.account_id, fact.id, channel_id, fact.at
FROM link, generate_series(1, 2) n, unnest(ARRAY[first_channel_id, second_channel_id]) channel_id, fact
WHERE fact.account_id = link.account_id AND fact.id = md5(link.id::text || n)::uuid;
"""


@pytest.fixture(scope="session")
async def filled(database_url: str) -> AsyncIterator[asyncpg.Connection | None]:
    """On PostgreSQL a database of its own, some 10,000 rows in every table; analysed, and its plans are generic."""
    if sqlite_path(database_url) is not None:
        yield None
        return
    await executed(database_url, "CREATE DATABASE filled")
    url = urlsplit(database_url)._replace(path="/filled").geturl()
    await migrations.upgrade(url)
    await executed(url, FILL)
    await executed(url, "VACUUM ANALYZE")
    connection = await asyncpg.connect(url, server_settings={"plan_cache_mode": "force_generic_plan", "jit": "off"})
    yield connection
    await connection.close()


async def executed(url: str, sql: str) -> None:
    """Runs statements."""
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


@pytest.mark.parametrize("name", [name for name in DOCUMENTS if name not in (COUNTING, *IN_ORDER)])
async def test_a_document_never_reads_a_whole_account(
    noting: Noting, filled: asyncpg.Connection | None, name: str
) -> None:
    for issued in await issued_by(noting, name):
        if filled is None:
            assert list(wide_on_sqlite(noting, issued.sql)) == []
        else:
            assert list(wide_on_postgresql(await planned(filled, issued.sql))) == []


async def test_channels_are_counted_in_one_index(noting: Noting, filled: asyncpg.Connection | None) -> None:
    counted, *_ = await issued_by(noting, COUNTING)
    if filled is None:
        assert list(wide_on_sqlite(noting, counted.sql)) == [
            "SEARCH channel_1 USING COVERING INDEX channel_state (account_id=?)"
        ]
    else:
        assert [step.split(" (")[0] for step in wide_on_postgresql(await planned(filled, counted.sql))] == [
            "Index Only Scan channel_state"
        ]


@pytest.mark.parametrize("name", IN_ORDER)
async def test_a_page_of_an_account_is_read_in_the_order_of_an_index(
    noting: Noting, filled: asyncpg.Connection | None, name: str
) -> None:
    index = IN_ORDER[name]
    [issued] = await issued_by(noting, name)
    if filled is None:
        steps = steps_on_sqlite(noting, issued.sql)
        assert [step for step in steps if _STEP.match(step) and index in step]
        assert [step for step in wide_on_sqlite(noting, issued.sql) if index not in step] == []
    else:
        plan = await planned(filled, issued.sql)
        assert f'"{index}"' in json.dumps(plan)
        assert [step for step in wide_on_postgresql(plan) if index not in step] == []
        assert "Hash" not in json.dumps(plan)


async def test_proposals_of_a_status_are_found_among_all(noting: Noting, filled: asyncpg.Connection | None) -> None:
    for issued in await issued_by(noting, "proposals_by_status"):
        if filled is None:
            assert "link_proposal_resolution (account_id=? AND resolution=?)" in str(
                steps_on_sqlite(noting, issued.sql)
            )
        else:
            assert "link_proposal_resolution" in json.dumps(await planned(filled, issued.sql))


def steps_on_sqlite(noting: Noting, sql: str) -> list[str]:
    """The steps of a plan."""
    path = sqlite_path(noting.url)
    assert path is not None
    with closing(sqlite3.connect(path)) as file:
        for function in ("json_float", "unhex"):
            file.create_function(function, 1, repr, deterministic=True)
        assert not file.execute("SELECT 1 FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'").fetchall(), (
            "no statistics"
        )
        values = [None] * sql.count("?")
        return [row[3] for row in file.execute(f"EXPLAIN QUERY PLAN {sql}", values)]


def wide_on_sqlite(noting: Noting, sql: str) -> Iterator[str]:
    """The steps of a plan that read a large table by less than a second column of an index."""
    for step in steps_on_sqlite(noting, sql):
        found = _STEP.match(step)
        if found and large(found["alias"]) and "AND" not in (found["by"] or ""):
            yield step


def large(name: str) -> bool:
    """Whether an alias or an index is named after a large table."""
    return any(re.fullmatch(rf"{table}(_\d+|{INDEXES})?", name) for table in LARGE)


async def planned(connection: asyncpg.Connection, sql: str) -> Any:
    """The generic plan of a statement."""
    await connection.execute(f"PREPARE planned AS {sql}")
    taken = await connection.fetchval(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements WHERE name = 'planned'"
    )
    nulls = f"({', '.join(['NULL'] * taken)})" if taken else ""
    try:
        plan = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE planned{nulls}")
    finally:
        await connection.execute("DEALLOCATE planned")
    return json.loads(plan)[0]["Plan"]


def wide_on_postgresql(step: Any) -> Iterator[str]:
    """The steps of a plan that read a large table as a whole, or by its account alone."""
    name = step.get("Index Name") or step.get("Relation Name") or ""
    condition = step.get("Index Cond", "")
    compared = {found[1] for part in condition.split(" AND ") if (found := _COMPARED.match(part))}
    if large(name) and step["Node Type"] != "Bitmap Heap Scan" and not compared - {"account_id"}:
        yield f"{step['Node Type']} {name} {condition}"
    for inner in step.get("Plans", ()):
        yield from wide_on_postgresql(inner)
