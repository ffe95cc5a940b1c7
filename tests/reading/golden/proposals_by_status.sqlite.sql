SELECT '{"nodes":[' || coalesce(group_concat('{"id":"link_proposal_' || lower(hex(page_1."id")) || '"}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?2 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT link_proposal_1.id AS id
    FROM link_proposal AS link_proposal_1
    WHERE link_proposal_1.resolution = ?3 AND NOT (EXISTS (
      SELECT channel_1.id
      FROM channel AS channel_1
      CROSS JOIN channel AS channel_2 ON channel_2.profile_id = channel_1.profile_id
      WHERE channel_1.id = link_proposal_1.first_channel_id AND channel_2.id = link_proposal_1.second_channel_id AND channel_1.account_id = ?4 AND channel_2.account_id = ?5
    )) AND link_proposal_1.account_id = ?6
    ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
    LIMIT ?7 + ?8 OFFSET ?9
  ) AS anon_2
) AS page_1

-- ?4, ?5, ?6 = the account
-- ?1 = 2
-- ?2 = 2
-- ?3 = 'OPEN'
-- ?7 = 2
-- ?8 = 1
-- ?9 = 0

SELECT '{"nodes":[' || coalesce(group_concat('{"id":"link_proposal_' || lower(hex(page_1."id")) || '"}', ','), '') || ']}' AS anon_1
FROM (
  SELECT link_proposal_1.id AS id
  FROM link_proposal AS link_proposal_1
  WHERE link_proposal_1.resolution = ?1 AND (EXISTS (
    SELECT channel_1.id
    FROM channel AS channel_1
    CROSS JOIN channel AS channel_2 ON channel_2.profile_id = channel_1.profile_id
    WHERE channel_1.id = link_proposal_1.first_channel_id AND channel_2.id = link_proposal_1.second_channel_id AND channel_1.account_id = ?2 AND channel_2.account_id = ?3
  )) AND link_proposal_1.account_id = ?4
  ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
  LIMIT ?5 OFFSET ?6
) AS page_1

-- ?2, ?3, ?4 = the account
-- ?1 = 'OPEN'
-- ?5 = 2
-- ?6 = 0

SELECT '{"nodes":[' || coalesce(group_concat('{"id":"link_proposal_' || lower(hex(page_1."id")) || '"}', ',') FILTER (WHERE page_1.n <= ?1), '') || ']}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.n AS n, anon_2.found AS found
  FROM (
    SELECT anon_3.id AS id, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT link_proposal_1.id AS id
      FROM link_proposal AS link_proposal_1
      WHERE link_proposal_1.resolution = ?2 AND link_proposal_1.account_id = ?3
      ORDER BY link_proposal_1.created_at ASC, link_proposal_1.id ASC
      LIMIT ?4 + ?5 OFFSET ?6
    ) AS anon_3
  ) AS anon_2
  ORDER BY anon_2.n DESC
) AS page_1

-- ?3 = the account
-- ?1 = 2
-- ?2 = 'REJECTED'
-- ?4 = 2
-- ?5 = 1
-- ?6 = 0
