SELECT '{"nodes":[' || coalesce(string_agg('{"kind":' || coalesce(CAST(to_json(page_1."kind") AS TEXT), 'null') ||
  ',"occurredAt":' || coalesce('"' || to_char(timezone('UTC', page_1."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST((
  SELECT 1
  FROM engagement AS engagement_1
  WHERE (engagement_1.occurred_at, engagement_1.id) <= ($2::TIMESTAMP WITH TIME ZONE, $3::UUID) AND engagement_1.account_id = $4::INTEGER
  ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
  LIMIT $5::INTEGER
) IS NOT NULL AS TEXT), 'null') ||
  ',"hasPreviousPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $1::INTEGER AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.kind AS kind, anon_2.occurred_at AS occurred_at, anon_2.n AS n, anon_2.found AS found
  FROM (
    SELECT anon_3.id AS id, anon_3.kind AS kind, anon_3.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
      FROM engagement AS engagement_1
      WHERE (engagement_1.occurred_at, engagement_1.id) > ($6::TIMESTAMP WITH TIME ZONE, $7::UUID) AND engagement_1.account_id = $4::INTEGER
      ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
      LIMIT $1::INTEGER + $8::INTEGER
    ) AS anon_3
  ) AS anon_2
  ORDER BY anon_2.n DESC
) AS page_1

-- $4 = the account
-- $1 = 20
-- $2 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $5 = 1
-- $6 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $7 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $8 = 1
