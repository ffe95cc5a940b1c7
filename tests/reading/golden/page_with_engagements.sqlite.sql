SELECT '{"edges":[' || coalesce(group_concat('{"cursor":"' || CAST(page_1."updated_at" AS TEXT) || '~' || lower(hex(page_1."id")) ||
  '","node":{"displayName":' || json_quote(page_1."display_name") ||
  ',"channels":[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"address":' || json_quote(channel_1.address) || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = page_1."id" AND channel_1.kind = ?1 AND channel_1.account_id = ?2
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_2
) ||
  '],"engagements":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_2."kind") ||
    ',"occurredAt":' || coalesce('"' || page_2."occurred_at" || '"', 'null') || '}', ','), '') || ']}' AS anon_3
  FROM (
    SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
    FROM channel AS channel_2
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_2.id AND channel_2.profile_id = page_1."id" AND channel_2.account_id = ?3 AND engagement_1.account_id = ?4
    ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
    LIMIT ?5 OFFSET ?6
  ) AS page_2
) || '}}', ',') FILTER (WHERE page_1.n <= ?7), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?8 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_4.id AS id, anon_4.updated_at AS updated_at, anon_4.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.updated_at AS updated_at, profile_1.display_name AS display_name
    FROM profile AS profile_1
    WHERE (profile_1.updated_at, profile_1.id) < (?9, ?10) AND profile_1.account_id = ?11
    ORDER BY profile_1.updated_at DESC, profile_1.id DESC
    LIMIT ?12 + ?13 OFFSET ?14
  ) AS anon_4
) AS page_1

-- ?2, ?3, ?4, ?11 = the account
-- ?1 = 'SMS'
-- ?5 = 5
-- ?6 = 0
-- ?7 = 50
-- ?8 = 50
-- ?9 = '2024-03-01T00:00:00.000000Z'
-- ?10 = x'01890a5d000070008000000000000001'
-- ?12 = 50
-- ?13 = 1
-- ?14 = 0
