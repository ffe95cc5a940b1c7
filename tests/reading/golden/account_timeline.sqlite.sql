SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_1."kind") ||
  ',"occurredAt":' || coalesce('"' || page_1."occurred_at" || '"', 'null') || '}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE (
  SELECT 1
  FROM engagement AS engagement_1
  WHERE (engagement_1.occurred_at, engagement_1.id) <= (?2, ?3) AND engagement_1.account_id = ?4
  ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
  LIMIT ?5 OFFSET ?6
) IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE coalesce(max(page_1.found), 0) > ?7 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.kind AS kind, anon_2.occurred_at AS occurred_at, anon_2.n AS n, anon_2.found AS found
  FROM (
    SELECT anon_3.id AS id, anon_3.kind AS kind, anon_3.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
      FROM engagement AS engagement_1
      WHERE (engagement_1.occurred_at, engagement_1.id) > (?8, ?9) AND engagement_1.account_id = ?10
      ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
      LIMIT ?11 + ?12 OFFSET ?13
    ) AS anon_3
  ) AS anon_2
  ORDER BY anon_2.n DESC
) AS page_1

-- ?4, ?10 = the account
-- ?1 = 20
-- ?2 = '2024-03-01T00:00:00.000000Z'
-- ?3 = x'01890a5d000070008000000000000001'
-- ?5 = 1
-- ?6 = 0
-- ?7 = 20
-- ?8 = '2024-03-01T00:00:00.000000Z'
-- ?9 = x'01890a5d000070008000000000000001'
-- ?11 = 20
-- ?12 = 1
-- ?13 = 0
