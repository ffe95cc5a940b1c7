SELECT '{"engagements":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"kind":' || coalesce(CAST(to_json(page_1."kind") AS TEXT), 'null') || '}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') ||
    '],"pageInfo":{"hasNextPage":' || coalesce(CAST((
    SELECT 1
    FROM channel AS channel_1
    JOIN engagement AS engagement_1 ON true
    WHERE engagement_1.channel_id = channel_1.id AND engagement_1.kind = ANY ($2::VARCHAR[]) AND strpos(lower(engagement_1.url COLLATE "C"), lower($3::VARCHAR COLLATE "C")) > 0 AND engagement_1.occurred_at > $4::TIMESTAMP WITH TIME ZONE AND channel_1.profile_id = profile_1.id AND channel_1.kind = $5::VARCHAR AND (engagement_1.occurred_at, engagement_1.id) <= ($6::TIMESTAMP WITH TIME ZONE, $7::UUID) AND channel_1.account_id = $8::INTEGER AND engagement_1.account_id = $8::INTEGER
    LIMIT $9::INTEGER
  ) IS NOT NULL AS TEXT), 'null') ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM channel AS channel_1
    JOIN engagement AS engagement_1 ON true
    WHERE engagement_1.channel_id = channel_1.id AND engagement_1.kind = ANY ($2::VARCHAR[]) AND strpos(lower(engagement_1.url COLLATE "C"), lower($3::VARCHAR COLLATE "C")) > 0 AND engagement_1.occurred_at > $4::TIMESTAMP WITH TIME ZONE AND channel_1.profile_id = profile_1.id AND channel_1.kind = $5::VARCHAR AND channel_1.account_id = $8::INTEGER AND engagement_1.account_id = $8::INTEGER
  ) AS TEXT) || '}' AS anon_1
  FROM (
    SELECT anon_2.id AS id, anon_2.kind AS kind, anon_2.n AS n, anon_2.found AS found
    FROM (
      SELECT anon_3.id AS id, anon_3.kind AS kind, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT anon_4.id AS id, anon_4.kind AS kind
        FROM channel AS channel_1
        JOIN LATERAL (
          SELECT engagement_2.id AS id, engagement_2.kind AS kind, engagement_2.occurred_at AS sorted_by, engagement_2.id AS sorted_id
          FROM engagement AS engagement_2
          WHERE engagement_2.channel_id = channel_1.id AND engagement_2.kind = ANY ($2::VARCHAR[]) AND strpos(lower(engagement_2.url COLLATE "C"), lower($3::VARCHAR COLLATE "C")) > 0 AND engagement_2.occurred_at > $4::TIMESTAMP WITH TIME ZONE AND (engagement_2.occurred_at, engagement_2.id) > ($10::TIMESTAMP WITH TIME ZONE, $11::UUID) AND engagement_2.account_id = $8::INTEGER
          ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
          LIMIT $1::INTEGER + $12::INTEGER
        ) AS anon_4 ON true
        WHERE channel_1.profile_id = profile_1.id AND channel_1.kind = $5::VARCHAR AND channel_1.account_id = $8::INTEGER
        ORDER BY anon_4.sorted_by ASC, anon_4.sorted_id ASC
        LIMIT $1::INTEGER + $12::INTEGER
      ) AS anon_3
    ) AS anon_2
    ORDER BY anon_2.n DESC
  ) AS page_1
) ||
  ',"email":' || coalesce((
  SELECT '{"engagements":' || (
    SELECT '{"nodes":[' || coalesce(string_agg('{"kind":' || coalesce(CAST(to_json(page_2."kind") AS TEXT), 'null') || '}', ','), '') || ']}' AS anon_5
    FROM (
      SELECT engagement_3.id AS id, engagement_3.kind AS kind
      FROM engagement AS engagement_3
      WHERE engagement_3.channel_id = channel_2.id AND engagement_3.kind = ANY ($13::VARCHAR[]) AND engagement_3.name = $14::VARCHAR AND strpos(lower(engagement_3.text COLLATE "C"), lower($15::VARCHAR COLLATE "C")) > 0 AND engagement_3.account_id = $8::INTEGER
      ORDER BY engagement_3.occurred_at DESC, engagement_3.id DESC
      LIMIT 20
    ) AS page_2
  ) || '}' AS json
  FROM channel AS channel_2
  WHERE channel_2.id = profile_1.email_channel_id AND channel_2.account_id = $8::INTEGER
  LIMIT $16::INTEGER
), 'null') || '}' AS json
FROM channel AS channel_3
JOIN profile AS profile_1 ON profile_1.id = channel_3.profile_id
WHERE channel_3.home_id = $17::UUID AND channel_3.account_id = $8::INTEGER AND profile_1.account_id = $8::INTEGER
LIMIT $18::INTEGER

-- $8 = the account
-- $1 = 5
-- $2 = [<EngagementKind.CLICK: 'CLICK'>]
-- $3 = 'Sale'
-- $4 = datetime.datetime(2024, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $5 = 'SMS'
-- $6 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $7 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $9 = 1
-- $10 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $11 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $12 = 1
-- $13 = [<EngagementKind.CLICK: 'CLICK'>]
-- $14 = 'seen'
-- $15 = 'yes'
-- $16 = 1
-- $17 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $18 = 1
