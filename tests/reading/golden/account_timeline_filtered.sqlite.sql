SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_1."kind") ||
  ',"occurredAt":' || coalesce('"' || page_1."occurred_at" || '"', 'null') || '}', ','), '') || ']}' AS anon_1
FROM (
  SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
  FROM engagement AS engagement_1
  WHERE +engagement_1.kind IN (
    SELECT value
    FROM json_each(?1)
  ) AND (
    SELECT channel_1.kind
    FROM channel AS channel_1
    WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = ?2
  ) = ?3 AND engagement_1.account_id = ?4
  ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
  LIMIT ?5 OFFSET ?6
) AS page_1

-- ?2, ?4 = the account
-- ?1 = '["OPEN", "CLICK"]'
-- ?3 = 'EMAIL'
-- ?5 = 20
-- ?6 = 0
