SELECT '{"nodes":[' || coalesce(string_agg(('{"id":"link_proposal_' || encode(uuid_send(page_1."id"), 'hex') ||
  '","profiles":[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"displayName":' || coalesce(CAST(to_json(profile_1.display_name) AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT channel_1.profile_id AS profile_id
      FROM channel AS channel_1
      WHERE channel_1.id = page_1."first_channel_id" AND channel_1.account_id = $1::INTEGER UNION SELECT channel_2.profile_id AS profile_id
      FROM channel AS channel_2
      WHERE channel_2.id = page_1."second_channel_id" AND channel_2.account_id = $1::INTEGER
    ) AS anon_3
    JOIN profile AS profile_1 ON profile_1.id = anon_3.profile_id
    JOIN channel AS channel_3 ON channel_3.home_id = profile_1.id
    WHERE profile_1.account_id = $1::INTEGER AND channel_3.account_id = $1::INTEGER
    ORDER BY channel_3.created_at, channel_3.id
  ) AS anon_2
) ||
  '],"channels":[' || (
  SELECT coalesce(string_agg(anon_4.json, ','), '') AS coalesce_2
  FROM (
    SELECT '{"address":' || coalesce(CAST(to_json(channel_4.address) AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT page_1."first_channel_id" AS id UNION ALL SELECT page_1."second_channel_id" AS id
    ) AS anon_5
    JOIN channel AS channel_4 ON channel_4.id = anon_5.id
    WHERE channel_4.account_id = $1::INTEGER
    ORDER BY channel_4.created_at, channel_4.id
  ) AS anon_4
) ||
  '],"reason":' || coalesce(CAST(to_json(page_1."reason") AS TEXT), 'null') ||
  ',"explanation":' || ('[' || coalesce(CAST(to_json(page_1."reason") AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
  SELECT channel_5.address
  FROM channel AS channel_5
  WHERE channel_5.id = page_1."first_channel_id" AND channel_5.account_id = $1::INTEGER
)) AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
  SELECT channel_6.address
  FROM channel AS channel_6
  WHERE channel_6.id = page_1."second_channel_id" AND channel_6.account_id = $1::INTEGER
)) AS TEXT), 'null') || ']') ||
  ',"status":' || coalesce(CAST(to_json(CASE WHEN (page_1."resolution" = $2::VARCHAR AND (EXISTS (
  SELECT channel_7.id
  FROM channel AS channel_7
  JOIN channel AS channel_8 ON channel_8.profile_id = channel_7.profile_id
  WHERE channel_7.id = page_1."first_channel_id" AND channel_8.id = page_1."second_channel_id" AND channel_7.account_id = $1::INTEGER AND channel_8.account_id = $1::INTEGER
))) THEN $3 ELSE page_1."resolution" END) AS TEXT), 'null') ||
  ',"source":{"method":' || coalesce(CAST(to_json(page_1."method") AS TEXT), 'null') ||
  ',"detail":' || coalesce(CAST(to_json(page_1."detail") AS TEXT), 'null') ||
  ',"at":' || coalesce('"' || to_char(timezone('UTC', page_1."created_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
  '},"createdAt":' || coalesce('"' || to_char(timezone('UTC', page_1."created_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null')) || (',"resolvedAt":' || coalesce('"' || to_char(timezone('UTC', page_1."resolved_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
  ',"resolvedBy":' || coalesce(CAST(to_json(page_1."resolved_by") AS TEXT), 'null') || '}'), ',') FILTER (WHERE page_1.n <= $4::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $4::INTEGER AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_6.id AS id, anon_6.first_channel_id AS first_channel_id, anon_6.second_channel_id AS second_channel_id, anon_6.reason AS reason, anon_6.resolution AS resolution, anon_6.method AS method, anon_6.detail AS detail, anon_6.created_at AS created_at, anon_6.resolved_at AS resolved_at, anon_6.resolved_by AS resolved_by, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT link_proposal_1.id AS id, link_proposal_1.first_channel_id AS first_channel_id, link_proposal_1.second_channel_id AS second_channel_id, link_proposal_1.reason AS reason, link_proposal_1.resolution AS resolution, link_proposal_1.method AS method, link_proposal_1.detail AS detail, link_proposal_1.created_at AS created_at, link_proposal_1.resolved_at AS resolved_at, link_proposal_1.resolved_by AS resolved_by
    FROM link_proposal AS link_proposal_1
    WHERE link_proposal_1.account_id = $1::INTEGER
    ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
    LIMIT $4::INTEGER + $5::INTEGER
  ) AS anon_6
) AS page_1

-- $1 = the account
-- $2 = 'OPEN'
-- $3 = 'SUPERSEDED'
-- $4 = 2
-- $5 = 1
