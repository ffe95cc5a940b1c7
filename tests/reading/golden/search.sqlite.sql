SELECT '{"nodes":[' || coalesce(group_concat('{"id":"profile_' || lower(hex(page_1."id")) ||
  '","displayName":' || json_quote(page_1."display_name") || '}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?2 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.display_name AS display_name
    FROM profile AS profile_1
    WHERE profile_1.id IN (
      SELECT (
        SELECT channel_1.profile_id
        FROM channel AS channel_1
        WHERE channel_1.id = channel_word_1.channel_id AND channel_1.account_id = ?3
      ) AS anon_3
      FROM channel_word AS channel_word_1
      WHERE channel_word_1.word >= ?4 AND channel_word_1.word < ?5 AND channel_word_1.account_id = ?6
    ) AND profile_1.id IN (
      SELECT (
        SELECT channel_2.profile_id
        FROM channel AS channel_2
        WHERE channel_2.id = channel_word_2.channel_id AND channel_2.account_id = ?7
      ) AS anon_4
      FROM channel_word AS channel_word_2
      WHERE channel_word_2.word >= ?8 AND channel_word_2.word < ?9 AND channel_word_2.account_id = ?10
    ) AND profile_1.account_id = ?11
    ORDER BY profile_1.created_at DESC, profile_1.id DESC
    LIMIT ?12 + ?13 OFFSET ?14
  ) AS anon_2
) AS page_1

-- ?3, ?6, ?7, ?10, ?11 = the account
-- ?1 = 10
-- ?2 = 10
-- ?4 = 'ann'
-- ?5 = 'ann\U0010ffff'
-- ?8 = 'lee'
-- ?9 = 'lee\U0010ffff'
-- ?12 = 10
-- ?13 = 1
-- ?14 = 0
