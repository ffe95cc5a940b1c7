WITH anon_4 AS  (
  SELECT profile_1.id AS id, profile_1.display_name AS display_name, engagement_count_2.last_at AS sorted_by, profile_1.id AS sorted_id
  FROM engagement_count AS engagement_count_2
  JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
  JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
    SELECT count(*) AS count_1
    FROM channel AS channel_3
    JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
    WHERE channel_3.profile_id = (
      SELECT channel_4.profile_id
      FROM channel AS channel_4
      WHERE channel_4.id = engagement_count_2.channel_id AND channel_4.account_id = $1::INTEGER
    ) AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = $1::INTEGER AND engagement_count_3.account_id = $1::INTEGER
  ) = $4::INTEGER AND engagement_count_2.last_at <= $11::TIMESTAMP WITH TIME ZONE AND (engagement_count_2.last_at, profile_1.id) < ($12::TIMESTAMP WITH TIME ZONE, $13::UUID) AND engagement_count_2.account_id = $1::INTEGER AND channel_2.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
  ORDER BY engagement_count_2.last_at DESC, profile_1.id DESC
  LIMIT $3::INTEGER + $14::INTEGER
) SELECT '{"edges":[' || coalesce(string_agg('{"cursor":"360885~' || to_char(timezone('UTC', coalesce((
  SELECT max(engagement_count_1.last_at) AS max_1
  FROM channel AS channel_1
  JOIN engagement_count AS engagement_count_1 ON engagement_count_1.channel_id = channel_1.id
  WHERE channel_1.profile_id = page_1."id" AND (engagement_count_1.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_1.account_id = $1::INTEGER AND engagement_count_1.account_id = $1::INTEGER
), $2::TIMESTAMP WITH TIME ZONE)), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') ||
  '","node":{"displayName":' || coalesce(CAST(to_json(page_1."display_name") AS TEXT), 'null') || '}}', ',') FILTER (WHERE page_1.n <= $3::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $3::INTEGER AS TEXT), 'null') ||
  ',"hasPreviousPage":' || coalesce(CAST((
  SELECT 1
  FROM engagement_count AS engagement_count_2
  JOIN channel AS channel_2 ON channel_2.id = engagement_count_2.channel_id
  JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE (engagement_count_2.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (
    SELECT count(*) AS count_1
    FROM channel AS channel_3
    JOIN engagement_count AS engagement_count_3 ON engagement_count_3.channel_id = channel_3.id
    WHERE channel_3.profile_id = (
      SELECT channel_4.profile_id
      FROM channel AS channel_4
      WHERE channel_4.id = engagement_count_2.channel_id AND channel_4.account_id = $1::INTEGER
    ) AND (engagement_count_3.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND (engagement_count_3.last_at, engagement_count_3.channel_id, engagement_count_3.kind) > (engagement_count_2.last_at, engagement_count_2.channel_id, engagement_count_2.kind) AND channel_3.account_id = $1::INTEGER AND engagement_count_3.account_id = $1::INTEGER
  ) = $4::INTEGER AND engagement_count_2.last_at >= $5::TIMESTAMP WITH TIME ZONE AND (engagement_count_2.last_at, profile_1.id) >= ($6::TIMESTAMP WITH TIME ZONE, $7::UUID) AND engagement_count_2.account_id = $1::INTEGER AND channel_2.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
  LIMIT $8::INTEGER
) IS NOT NULL OR (
  SELECT 1
  FROM profile AS profile_1
  WHERE (
    SELECT max(engagement_count_4.last_at) AS max_2
    FROM channel AS channel_5
    JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_5.id
    WHERE channel_5.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_5.account_id = $1::INTEGER AND engagement_count_4.account_id = $1::INTEGER
  ) IS NULL AND profile_1.id >= $9::UUID AND profile_1.account_id = $1::INTEGER
  LIMIT $10::INTEGER
) IS NOT NULL AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_2.id AS id, anon_2.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT anon_3.id AS id, anon_3.display_name AS display_name
    FROM (
      SELECT anon_4.id AS id, anon_4.display_name AS display_name, anon_4.sorted_by AS sorted_by, anon_4.sorted_id AS sorted_id
      FROM anon_4 UNION ALL SELECT anon_5.id AS id, anon_5.display_name AS display_name, anon_5.sorted_by AS sorted_by, anon_5.sorted_id AS sorted_id
      FROM (
        SELECT profile_1.id AS id, profile_1.display_name AS display_name, $15::TIMESTAMP WITH TIME ZONE AS sorted_by, profile_1.id AS sorted_id
        FROM profile AS profile_1
        WHERE (
          SELECT max(engagement_count_4.last_at) AS max_2
          FROM channel AS channel_5
          JOIN engagement_count AS engagement_count_4 ON engagement_count_4.channel_id = channel_5.id
          WHERE channel_5.profile_id = profile_1.id AND (engagement_count_4.kind NOT IN ('SEND', 'DELIVERY', 'BOUNCE')) AND channel_5.account_id = $1::INTEGER AND engagement_count_4.account_id = $1::INTEGER
        ) IS NULL AND profile_1.id < $16::UUID AND profile_1.account_id = $1::INTEGER
        ORDER BY profile_1.id DESC
        LIMIT ($3::INTEGER + $14::INTEGER) - (
          SELECT count(*) AS count_2
          FROM anon_4
        )
      ) AS anon_5
    ) AS anon_3
    ORDER BY anon_3.sorted_by DESC, anon_3.sorted_id DESC
    LIMIT $3::INTEGER + $14::INTEGER
  ) AS anon_2
) AS page_1

-- $1 = the account
-- $4 = 0
-- $11 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $12 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $13 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $3 = 20
-- $14 = 1
-- $2 = datetime.datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=datetime.timezone.utc)
-- $5 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $6 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $7 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $8 = 1
-- $9 = UUID('ffffffff-ffff-ffff-ffff-ffffffffffff')
-- $10 = 1
-- $15 = datetime.datetime(1, 1, 1, 0, 0, 0, 1, tzinfo=datetime.timezone.utc)
-- $16 = UUID('ffffffff-ffff-ffff-ffff-ffffffffffff')
