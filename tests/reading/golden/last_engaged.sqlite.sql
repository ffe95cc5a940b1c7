WITH anon_5 AS  (
  SELECT profile_1.id AS id, profile_1.display_name AS display_name, engagement_count_2.last_at AS sorted_by, profile_1.id AS sorted_id
  FROM engagement_count AS engagement_count_2
  CROSS JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
  CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
    SELECT count(*) AS count_1
    FROM channel AS channel_3
    CROSS JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
    WHERE channel_3.profile_id = channel_2.profile_id AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (+engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (+engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = ?1 AND engagement_count_3.account_id = ?2
  ) = ?3 AND engagement_count_2.last_at <= ?4 AND (engagement_count_2.last_at, profile_1.id) < (?5, ?6) AND engagement_count_2.account_id = ?7 AND channel_2.account_id = ?8 AND profile_1.account_id = ?9
  ORDER BY engagement_count_2.last_at DESC, profile_1.id DESC
  LIMIT ?10 + ?11 OFFSET ?12
) SELECT '{"edges":[' || coalesce(group_concat('{"cursor":"' || CAST(coalesce((
  SELECT max(engagement_count_1.last_at) AS max_1
  FROM channel AS channel_1
  CROSS JOIN engagement_count AS engagement_count_1 ON engagement_count_1.channel_id = channel_1.id
  WHERE channel_1.profile_id = page_1."id" AND (engagement_count_1.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_1.account_id = ?13 AND engagement_count_1.account_id = ?14
), ?15) AS TEXT) || '~' || lower(hex(page_1."id")) ||
  '","node":{"displayName":' || json_quote(page_1."display_name") || '}}', ',') FILTER (WHERE page_1.n <= ?16), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?17 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE (
  SELECT (EXISTS (
    SELECT 1
    FROM engagement_count AS engagement_count_2
    CROSS JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
    CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
    WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
      SELECT count(*) AS count_1
      FROM channel AS channel_3
      CROSS JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
      WHERE channel_3.profile_id = channel_2.profile_id AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (+engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (+engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = ?18 AND engagement_count_3.account_id = ?19
    ) = ?20 AND engagement_count_2.last_at >= ?21 AND (engagement_count_2.last_at, profile_1.id) >= (?22, ?23) AND engagement_count_2.account_id = ?24 AND channel_2.account_id = ?25 AND profile_1.account_id = ?26
  )) OR (EXISTS (
    SELECT 1
    FROM profile AS profile_1
    WHERE (
      SELECT max(engagement_count_4.last_at) AS max_2
      FROM channel AS channel_4
      CROSS JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_4.id
      WHERE channel_4.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_4.account_id = ?27 AND engagement_count_4.account_id = ?28
    ) IS NULL AND profile_1.id >= ?29 AND profile_1.account_id = ?30
  )) AS anon_2
) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_3.id AS id, anon_3.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT anon_4.id AS id, anon_4.display_name AS display_name
    FROM (
      SELECT anon_5.id AS id, anon_5.display_name AS display_name, anon_5.sorted_by AS sorted_by, anon_5.sorted_id AS sorted_id
      FROM anon_5 UNION ALL SELECT anon_6.id AS id, anon_6.display_name AS display_name, anon_6.sorted_by AS sorted_by, anon_6.sorted_id AS sorted_id
      FROM (
        SELECT profile_1.id AS id, profile_1.display_name AS display_name, ?31 AS sorted_by, profile_1.id AS sorted_id
        FROM profile AS profile_1
        WHERE (
          SELECT max(engagement_count_4.last_at) AS max_2
          FROM channel AS channel_4
          CROSS JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_4.id
          WHERE channel_4.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_4.account_id = ?32 AND engagement_count_4.account_id = ?33
        ) IS NULL AND profile_1.id < ?34 AND profile_1.account_id = ?35
        ORDER BY profile_1.id DESC
        LIMIT (?36 + ?37) - (
          SELECT count(*) AS count_2
          FROM anon_5
        ) OFFSET ?38
      ) AS anon_6
    ) AS anon_4
    ORDER BY anon_4.sorted_by DESC, anon_4.sorted_id DESC
    LIMIT ?39 + ?40 OFFSET ?41
  ) AS anon_3
) AS page_1

-- ?1, ?2, ?7, ?8, ?9, ?13, ?14, ?18, ?19, ?24, ?25, ?26, ?27, ?28, ?30, ?32, ?33, ?35 = the account
-- ?3 = 0
-- ?4 = '2024-03-01T00:00:00.000000Z'
-- ?5 = '2024-03-01T00:00:00.000000Z'
-- ?6 = x'01890a5d000070008000000000000001'
-- ?10 = 20
-- ?11 = 1
-- ?12 = 0
-- ?15 = '0001-01-01T00:00:00.000001Z'
-- ?16 = 20
-- ?17 = 20
-- ?20 = 0
-- ?21 = '2024-03-01T00:00:00.000000Z'
-- ?22 = '2024-03-01T00:00:00.000000Z'
-- ?23 = x'01890a5d000070008000000000000001'
-- ?29 = x'ffffffffffffffffffffffffffffffff'
-- ?31 = '0001-01-01T00:00:00.000001Z'
-- ?34 = x'ffffffffffffffffffffffffffffffff'
-- ?36 = 20
-- ?37 = 1
-- ?38 = 0
-- ?39 = 20
-- ?40 = 1
-- ?41 = 0
