SELECT '{"engagementSummary":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || coalesce(CAST(to_json(anon_2.kind) AS TEXT), 'null') ||
      ',"count":' || coalesce(CAST(anon_2.count AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT channel_1.kind AS channel_kind, engagement_1.kind AS kind, count(*) AS count, min(engagement_1.occurred_at) AS first_at, max(engagement_1.occurred_at) AS last_at
      FROM channel AS channel_1
      JOIN engagement AS engagement_1 ON engagement_1.channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND engagement_1.occurred_at >= $1::TIMESTAMP WITH TIME ZONE AND channel_1.account_id = $2::INTEGER AND engagement_1.account_id = $2::INTEGER
      GROUP BY channel_1.kind, engagement_1.kind
      ORDER BY channel_1.kind, engagement_1.kind
    ) AS anon_2
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.home_id = $3::UUID AND channel_2.account_id = $2::INTEGER AND profile_1.account_id = $2::INTEGER
LIMIT $4::INTEGER

-- $2 = the account
-- $1 = datetime.datetime(2024, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $4 = 1
