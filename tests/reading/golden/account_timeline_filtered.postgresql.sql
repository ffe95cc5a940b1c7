SELECT '{"nodes":[' || coalesce(string_agg('{"kind":' || coalesce(CAST(to_json(page_1."kind") AS TEXT), 'null') ||
  ',"occurredAt":' || coalesce('"' || to_char(timezone('UTC', page_1."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}', ','), '') || ']}' AS anon_1
FROM (
  SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
  FROM engagement AS engagement_1
  WHERE engagement_1.kind = ANY ($1::VARCHAR[]) AND (
    SELECT channel_1.kind
    FROM channel AS channel_1
    WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = $2::INTEGER
  ) = $3::VARCHAR AND engagement_1.account_id = $2::INTEGER
  ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
  LIMIT $4::INTEGER
) AS page_1

-- $2 = the account
-- $1 = [<EngagementKind.OPEN: 'OPEN'>, <EngagementKind.CLICK: 'CLICK'>]
-- $3 = 'EMAIL'
-- $4 = 20
