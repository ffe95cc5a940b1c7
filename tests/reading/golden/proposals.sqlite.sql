SELECT '{"nodes":[' || coalesce(group_concat(('{"id":"link_proposal_' || lower(hex(page_1."id")) ||
  '","profiles":[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"displayName":' || json_quote(profile_1.display_name) || '}' AS json
    FROM (
      SELECT channel_1.profile_id AS profile_id
      FROM channel AS channel_1
      WHERE channel_1.id = page_1."first_channel_id" AND channel_1.account_id = ?1 UNION SELECT channel_2.profile_id AS profile_id
      FROM channel AS channel_2
      WHERE channel_2.id = page_1."second_channel_id" AND channel_2.account_id = ?2
    ) AS anon_3
    CROSS JOIN profile AS profile_1 ON profile_1.id = anon_3.profile_id
    CROSS JOIN channel AS channel_3 ON channel_3.home_id = profile_1.id
    WHERE profile_1.account_id = ?3 AND channel_3.account_id = ?4
    ORDER BY channel_3.created_at, channel_3.id
  ) AS anon_2
) ||
  '],"channels":[' || (
  SELECT coalesce(group_concat(anon_4.json, ','), '') AS coalesce_2
  FROM (
    SELECT '{"address":' || json_quote(channel_4.address) || '}' AS json
    FROM (
      SELECT page_1."first_channel_id" AS id UNION ALL SELECT page_1."second_channel_id" AS id
    ) AS anon_5
    CROSS JOIN channel AS channel_4 ON channel_4.id = anon_5.id
    WHERE channel_4.account_id = ?5
    ORDER BY channel_4.created_at, channel_4.id
  ) AS anon_4
) ||
  '],"reason":' || json_quote(page_1."reason") ||
  ',"explanation":' || ('[' || json_quote(page_1."reason") || ',' || json_quote((
  SELECT channel_5.address
  FROM channel AS channel_5
  WHERE channel_5.id = page_1."first_channel_id" AND channel_5.account_id = ?6
)) || ',' || json_quote((
  SELECT channel_6.address
  FROM channel AS channel_6
  WHERE channel_6.id = page_1."second_channel_id" AND channel_6.account_id = ?7
)) || ']') ||
  ',"status":' || json_quote(CASE WHEN (page_1."resolution" = ?8 AND (EXISTS (
  SELECT channel_7.id
  FROM channel AS channel_7
  CROSS JOIN channel AS channel_8 ON channel_8.profile_id = channel_7.profile_id
  WHERE channel_7.id = page_1."first_channel_id" AND channel_8.id = page_1."second_channel_id" AND channel_7.account_id = ?9 AND channel_8.account_id = ?10
))) THEN ?11 ELSE page_1."resolution" END) ||
  ',"source":{"method":' || json_quote(page_1."method") ||
  ',"detail":' || json_quote(page_1."detail") ||
  ',"at":' || coalesce('"' || page_1."created_at" || '"', 'null') ||
  '},"createdAt":' || coalesce('"' || page_1."created_at" || '"', 'null')) || (',"resolvedAt":' || coalesce('"' || page_1."resolved_at" || '"', 'null') ||
  ',"resolvedBy":' || json_quote(page_1."resolved_by") || '}'), ',') FILTER (WHERE page_1.n <= ?12), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?13 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_6.id AS id, anon_6.first_channel_id AS first_channel_id, anon_6.second_channel_id AS second_channel_id, anon_6.reason AS reason, anon_6.resolution AS resolution, anon_6.method AS method, anon_6.detail AS detail, anon_6.created_at AS created_at, anon_6.resolved_at AS resolved_at, anon_6.resolved_by AS resolved_by, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT link_proposal_1.id AS id, link_proposal_1.first_channel_id AS first_channel_id, link_proposal_1.second_channel_id AS second_channel_id, link_proposal_1.reason AS reason, link_proposal_1.resolution AS resolution, link_proposal_1.method AS method, link_proposal_1.detail AS detail, link_proposal_1.created_at AS created_at, link_proposal_1.resolved_at AS resolved_at, link_proposal_1.resolved_by AS resolved_by
    FROM link_proposal AS link_proposal_1
    WHERE link_proposal_1.account_id = ?14
    ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
    LIMIT ?15 + ?16 OFFSET ?17
  ) AS anon_6
) AS page_1

-- ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?9, ?10, ?14 = the account
-- ?8 = 'OPEN'
-- ?11 = 'SUPERSEDED'
-- ?12 = 2
-- ?13 = 2
-- ?15 = 2
-- ?16 = 1
-- ?17 = 0
