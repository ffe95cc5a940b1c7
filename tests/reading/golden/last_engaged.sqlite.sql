WITH anon_4 AS  (
  SELECT profile_1.id AS id, profile_1.display_name AS display_name, engagement_count_2.last_at AS sorted_by, profile_1.id AS sorted_id
  FROM engagement_count AS engagement_count_2
  CROSS JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
  CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
    SELECT count(*) AS count_1
    FROM channel AS channel_3
    CROSS JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
    WHERE channel_3.profile_id = (
      SELECT channel_4.profile_id
      FROM channel AS channel_4
      WHERE channel_4.id = engagement_count_2.channel_id AND channel_4.account_id = ?1
    ) AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (+engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (+engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = ?2 AND engagement_count_3.account_id = ?3
  ) = ?4 AND engagement_count_2.last_at <= ?5 AND (engagement_count_2.last_at, profile_1.id) < (?6, ?7) AND engagement_count_2.account_id = ?8 AND channel_2.account_id = ?9 AND profile_1.account_id = ?10
  ORDER BY engagement_count_2.last_at DESC, profile_1.id DESC
  LIMIT ?11 + ?12 OFFSET ?13
) SELECT '{"edges":[' || coalesce(group_concat('{"cursor":"360885~' || CAST(coalesce((
  SELECT max(engagement_count_1.last_at) AS max_1
  FROM channel AS channel_1
  CROSS JOIN engagement_count AS engagement_count_1 ON engagement_count_1.channel_id = channel_1.id
  WHERE channel_1.profile_id = page_1."id" AND (engagement_count_1.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_1.account_id = ?14 AND engagement_count_1.account_id = ?15
), ?16) AS TEXT) || '~' || lower(hex(page_1."id")) ||
  '","node":{"displayName":' || json_quote(page_1."display_name") || '}}', ',') FILTER (WHERE page_1.n <= ?17), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?18 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE (
  SELECT 1
  FROM engagement_count AS engagement_count_2
  CROSS JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
  CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
    SELECT count(*) AS count_1
    FROM channel AS channel_3
    CROSS JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
    WHERE channel_3.profile_id = (
      SELECT channel_4.profile_id
      FROM channel AS channel_4
      WHERE channel_4.id = engagement_count_2.channel_id AND channel_4.account_id = ?19
    ) AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (+engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (+engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = ?20 AND engagement_count_3.account_id = ?21
  ) = ?22 AND engagement_count_2.last_at >= ?23 AND (engagement_count_2.last_at, profile_1.id) >= (?24, ?25) AND engagement_count_2.account_id = ?26 AND channel_2.account_id = ?27 AND profile_1.account_id = ?28
  LIMIT ?29 OFFSET ?30
) IS NOT NULL OR (
  SELECT 1
  FROM profile AS profile_1
  WHERE (
    SELECT max(engagement_count_4.last_at) AS max_2
    FROM channel AS channel_5
    CROSS JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_5.id
    WHERE channel_5.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_5.account_id = ?31 AND engagement_count_4.account_id = ?32
  ) IS NULL AND profile_1.id >= ?33 AND profile_1.account_id = ?34
  LIMIT ?35 OFFSET ?36
) IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT anon_3.id AS id, anon_3.display_name AS display_name
    FROM (
      SELECT anon_4.id AS id, anon_4.display_name AS display_name, anon_4.sorted_by AS sorted_by, anon_4.sorted_id AS sorted_id
      FROM anon_4 UNION ALL SELECT anon_5.id AS id, anon_5.display_name AS display_name, anon_5.sorted_by AS sorted_by, anon_5.sorted_id AS sorted_id
      FROM (
        SELECT profile_1.id AS id, profile_1.display_name AS display_name, ?37 AS sorted_by, profile_1.id AS sorted_id
        FROM profile AS profile_1
        WHERE (
          SELECT max(engagement_count_4.last_at) AS max_2
          FROM channel AS channel_5
          CROSS JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_5.id
          WHERE channel_5.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_5.account_id = ?38 AND engagement_count_4.account_id = ?39
        ) IS NULL AND profile_1.id < ?40 AND profile_1.account_id = ?41
        ORDER BY profile_1.id DESC
        LIMIT (?42 + ?43) - (
          SELECT count(*) AS count_2
          FROM anon_4
        ) OFFSET ?44
      ) AS anon_5
    ) AS anon_3
    ORDER BY anon_3.sorted_by DESC, anon_3.sorted_id DESC
    LIMIT ?45 + ?46 OFFSET ?47
  ) AS anon_2
) AS page_1

-- ?1, ?2, ?3, ?8, ?9, ?10, ?14, ?15, ?19, ?20, ?21, ?26, ?27, ?28, ?31, ?32, ?34, ?38, ?39, ?41 = the account
-- ?4 = 0
-- ?5 = '2024-03-01T00:00:00.000000Z'
-- ?6 = '2024-03-01T00:00:00.000000Z'
-- ?7 = x'01890a5d000070008000000000000001'
-- ?11 = 20
-- ?12 = 1
-- ?13 = 0
-- ?16 = '0001-01-01T00:00:00.000001Z'
-- ?17 = 20
-- ?18 = 20
-- ?22 = 0
-- ?23 = '2024-03-01T00:00:00.000000Z'
-- ?24 = '2024-03-01T00:00:00.000000Z'
-- ?25 = x'01890a5d000070008000000000000001'
-- ?29 = 1
-- ?30 = 0
-- ?33 = x'ffffffffffffffffffffffffffffffff'
-- ?35 = 1
-- ?36 = 0
-- ?37 = '0001-01-01T00:00:00.000001Z'
-- ?40 = x'ffffffffffffffffffffffffffffffff'
-- ?42 = 20
-- ?43 = 1
-- ?44 = 0
-- ?45 = 20
-- ?46 = 1
-- ?47 = 0
