SELECT '{"nodes":[' || coalesce(group_concat('{"id":"profile_' || lower(hex(page_1."id")) ||
  '","displayName":' || json_quote(page_1."display_name") ||
  ',"channels":[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || json_quote(channel_1.kind) ||
      ',"address":' || json_quote(channel_1.address) || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = page_1."id" AND channel_1.account_id = ?1
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_2
) || ']}', ',') FILTER (WHERE page_1.n <= ?2), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?3 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > ?4) THEN ?5 ELSE page_1.found END AND page_1.n <= ?6) THEN '"0a1b5e~' || CAST(page_1."created_at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_3.id AS id, anon_3.display_name AS display_name, anon_3.created_at AS created_at, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.display_name AS display_name, profile_1.created_at AS created_at
    FROM profile AS profile_1
    WHERE profile_1.account_id = ?7
    ORDER BY profile_1.created_at DESC, profile_1.id DESC
    LIMIT ?8 + ?9 OFFSET ?10
  ) AS anon_3
) AS page_1

-- ?1, ?7 = the account
-- ?2 = 50
-- ?3 = 50
-- ?4 = 50
-- ?5 = 50
-- ?6 = 50
-- ?8 = 50
-- ?9 = 1
-- ?10 = 0
