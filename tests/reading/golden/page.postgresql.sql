SELECT '{"nodes":[' || coalesce(string_agg('{"id":"profile_' || encode(uuid_send(page_1."id"), 'hex') ||
  '","displayName":' || coalesce(CAST(to_json(page_1."display_name") AS TEXT), 'null') ||
  ',"channels":[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || coalesce(CAST(to_json(channel_1.kind) AS TEXT), 'null') ||
      ',"address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = page_1."id" AND channel_1.account_id = $1::INTEGER
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_2
) || ']}', ',') FILTER (WHERE page_1.n <= $2::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $2::INTEGER AS TEXT), 'null') ||
  ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > $2::INTEGER) THEN $2::INTEGER ELSE page_1.found END AND page_1.n <= $2::INTEGER) THEN '"0a1b5e~' || to_char(timezone('UTC', page_1."created_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') || '"' END), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_3.id AS id, anon_3.display_name AS display_name, anon_3.created_at AS created_at, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.display_name AS display_name, profile_1.created_at AS created_at
    FROM profile AS profile_1
    WHERE profile_1.account_id = $1::INTEGER
    ORDER BY profile_1.created_at DESC, profile_1.id DESC
    LIMIT $2::INTEGER + $3::INTEGER
  ) AS anon_3
) AS page_1

-- $1 = the account
-- $2 = 50
-- $3 = 1
