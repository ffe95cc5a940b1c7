SELECT '{"nodes":[' || coalesce(string_agg('{"id":"profile_' || encode(uuid_send(page_1."id"), 'hex') ||
  '","displayName":' || coalesce(CAST(to_json(page_1."display_name") AS TEXT), 'null') || '}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $1::INTEGER AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.display_name AS display_name
    FROM profile AS profile_1
    WHERE profile_1.id IN (
      SELECT (
        SELECT channel_1.profile_id
        FROM channel AS channel_1
        WHERE channel_1.id = channel_word_1.channel_id AND channel_1.account_id = $2::INTEGER
      ) AS anon_3
      FROM channel_word AS channel_word_1
      WHERE channel_word_1.word >= $3::VARCHAR COLLATE "C" AND channel_word_1.word < $4::VARCHAR COLLATE "C" AND channel_word_1.account_id = $2::INTEGER
    ) AND profile_1.id IN (
      SELECT (
        SELECT channel_2.profile_id
        FROM channel AS channel_2
        WHERE channel_2.id = channel_word_2.channel_id AND channel_2.account_id = $2::INTEGER
      ) AS anon_4
      FROM channel_word AS channel_word_2
      WHERE channel_word_2.word >= $5::VARCHAR COLLATE "C" AND channel_word_2.word < $6::VARCHAR COLLATE "C" AND channel_word_2.account_id = $2::INTEGER
    ) AND profile_1.account_id = $2::INTEGER
    ORDER BY profile_1.created_at DESC, profile_1.id DESC
    LIMIT $1::INTEGER + $7::INTEGER
  ) AS anon_2
) AS page_1

-- $2 = the account
-- $1 = 10
-- $3 = 'ann'
-- $4 = 'ann\U0010ffff'
-- $5 = 'lee'
-- $6 = 'lee\U0010ffff'
-- $7 = 1
