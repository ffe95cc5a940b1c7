SELECT '{"engagementSummary":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || json_quote(anon_2.kind) ||
      ',"count":' || coalesce(CAST(anon_2.count AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT channel_1.kind AS channel_kind, engagement_1.kind AS kind, count(*) AS count, min(engagement_1.occurred_at) AS first_at, max(engagement_1.occurred_at) AS last_at
      FROM channel AS channel_1
      CROSS JOIN engagement AS engagement_1 ON engagement_1.channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND engagement_1.occurred_at >= ?1 AND channel_1.account_id = ?2 AND engagement_1.account_id = ?3
      GROUP BY channel_1.kind, engagement_1.kind
      ORDER BY channel_1.kind, engagement_1.kind
    ) AS anon_2
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.home_id = ?4 AND channel_2.account_id = ?5 AND profile_1.account_id = ?6
LIMIT ?7 OFFSET ?8

-- ?2, ?3, ?5, ?6 = the account
-- ?1 = '2024-01-01T00:00:00.000000Z'
-- ?4 = x'01890a5d000070008000000000000001'
-- ?7 = 1
-- ?8 = 0
