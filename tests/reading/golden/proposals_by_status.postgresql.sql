SELECT '{"nodes":[' || coalesce(string_agg('{"id":"link_proposal_' || encode(uuid_send(page_1."id"), 'hex') || '"}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $1::INTEGER AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT link_proposal_1.id AS id
    FROM link_proposal AS link_proposal_1
    WHERE link_proposal_1.resolution = $2::VARCHAR AND NOT (EXISTS (
      SELECT channel_1.id
      FROM channel AS channel_1
      JOIN channel AS channel_2 ON channel_2.profile_id = channel_1.profile_id
      WHERE channel_1.id = link_proposal_1.first_channel_id AND channel_2.id = link_proposal_1.second_channel_id AND channel_1.account_id = $3::INTEGER AND channel_2.account_id = $3::INTEGER
    )) AND link_proposal_1.account_id = $3::INTEGER
    ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
    LIMIT $1::INTEGER + $4::INTEGER
  ) AS anon_2
) AS page_1

-- $3 = the account
-- $1 = 2
-- $2 = 'OPEN'
-- $4 = 1

SELECT '{"nodes":[' || coalesce(string_agg('{"id":"link_proposal_' || encode(uuid_send(page_1."id"), 'hex') || '"}', ','), '') || ']}' AS anon_1
FROM (
  SELECT link_proposal_1.id AS id
  FROM link_proposal AS link_proposal_1
  WHERE link_proposal_1.resolution = $1::VARCHAR AND (EXISTS (
    SELECT channel_1.id
    FROM channel AS channel_1
    JOIN channel AS channel_2 ON channel_2.profile_id = channel_1.profile_id
    WHERE channel_1.id = link_proposal_1.first_channel_id AND channel_2.id = link_proposal_1.second_channel_id AND channel_1.account_id = $2::INTEGER AND channel_2.account_id = $2::INTEGER
  )) AND link_proposal_1.account_id = $2::INTEGER
  ORDER BY link_proposal_1.created_at DESC, link_proposal_1.id DESC
  LIMIT $3::INTEGER
) AS page_1

-- $2 = the account
-- $1 = 'OPEN'
-- $3 = 2

SELECT '{"nodes":[' || coalesce(string_agg('{"id":"link_proposal_' || encode(uuid_send(page_1."id"), 'hex') || '"}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') || ']}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.n AS n, anon_2.found AS found
  FROM (
    SELECT anon_3.id AS id, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT link_proposal_1.id AS id
      FROM link_proposal AS link_proposal_1
      WHERE link_proposal_1.resolution = $2::VARCHAR AND link_proposal_1.account_id = $3::INTEGER
      ORDER BY link_proposal_1.created_at ASC, link_proposal_1.id ASC
      LIMIT $1::INTEGER + $4::INTEGER
    ) AS anon_3
  ) AS anon_2
  ORDER BY anon_2.n DESC
) AS page_1

-- $3 = the account
-- $1 = 2
-- $2 = 'REJECTED'
-- $4 = 1
