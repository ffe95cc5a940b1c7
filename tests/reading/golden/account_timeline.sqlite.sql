SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_1."kind") ||
  ',"occurredAt":' || coalesce('"' || page_1."occurred_at" || '"', 'null') || '}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE (
  SELECT EXISTS (
    SELECT 1
    FROM engagement AS engagement_1
    WHERE (engagement_1.occurred_at, engagement_1.id) <= (?2, ?3) AND engagement_1.account_id = ?4
  ) AS anon_2
) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE coalesce(max(page_1.found), 0) > ?5 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_3.id AS id, anon_3.kind AS kind, anon_3.occurred_at AS occurred_at, anon_3.n AS n, anon_3.found AS found
  FROM (
    SELECT anon_4.id AS id, anon_4.kind AS kind, anon_4.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
      FROM engagement AS engagement_1
      WHERE (engagement_1.occurred_at, engagement_1.id) > (?6, ?7) AND engagement_1.account_id = ?8
      ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
      LIMIT ?9 + ?10 OFFSET ?11
    ) AS anon_4
  ) AS anon_3
  ORDER BY anon_3.n DESC
) AS page_1

-- ?4, ?8 = the account
-- ?1 = 20
-- ?2 = '2024-03-01T00:00:00.000000Z'
-- ?3 = x'01890a5d000070008000000000000001'
-- ?5 = 20
-- ?6 = '2024-03-01T00:00:00.000000Z'
-- ?7 = x'01890a5d000070008000000000000001'
-- ?9 = 20
-- ?10 = 1
-- ?11 = 0
