SELECT '{"id":"profile_' || lower(hex(profile_1.id)) ||
  '","displayName":' || json_quote(profile_1.display_name) ||
  ',"channels":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"channel_' || lower(hex(channel_1.id)) ||
      '","kind":' || json_quote(channel_1.kind) ||
      ',"address":' || json_quote(channel_1.address) ||
      ',"isPrimary":' || CASE EXISTS (
      SELECT profile_2.id
      FROM profile AS profile_2
      WHERE profile_2.id = channel_1.profile_id AND (profile_2.email_channel_id = channel_1.id OR profile_2.sms_channel_id = channel_1.id) AND profile_2.account_id = ?1
    ) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
      ',"consent":{"status":' || json_quote(channel_1.consent_status) || '}}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = ?2
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) ||
  '],"engagements":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"id":"engagement_' || lower(hex(page_1."id")) ||
    '","kind":' || json_quote(page_1."kind") ||
    ',"occurredAt":' || coalesce('"' || page_1."occurred_at" || '"', 'null') ||
    ',"channel":' || coalesce((
    SELECT '{"address":' || json_quote(channel_2.address) || '}' AS json
    FROM channel AS channel_2
    WHERE channel_2.id = page_1."channel_id" AND channel_2.account_id = ?3
    LIMIT ?4 OFFSET ?5
  ), 'null') ||
    ',"value":' || coalesce(CASE WHEN (page_1."value" IS NOT NULL) THEN json_float(page_1."value") END, 'null') ||
    ',"properties":' || coalesce(CAST(page_1."properties" AS TEXT), 'null') || '}', ','), '') || ']}' AS anon_2
  FROM (
    SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at, engagement_1.channel_id AS channel_id, engagement_1.value AS value, engagement_1.properties AS properties
    FROM channel AS channel_3
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_3.id AND channel_3.profile_id = profile_1.id AND (engagement_1.occurred_at, engagement_1.id) >= (
      SELECT anon_3."key", anon_3.id
      FROM (
        SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
        FROM engagement AS engagement_2
        WHERE engagement_2.channel_id = channel_3.id AND engagement_2.account_id = ?6
        ORDER BY engagement_2.occurred_at DESC, engagement_2.id DESC
        LIMIT ?7 OFFSET ?8
      ) AS anon_3
      ORDER BY anon_3."key" ASC, anon_3.id ASC
      LIMIT ?9 OFFSET ?10
    ) AND channel_3.account_id = ?11 AND engagement_1.account_id = ?12
    ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
    LIMIT ?13 OFFSET ?14
  ) AS page_1
) || '}' AS json
FROM channel AS channel_4
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_4.profile_id
WHERE channel_4.home_id = ?15 AND channel_4.account_id = ?16 AND profile_1.account_id = ?17
LIMIT ?18 OFFSET ?19

-- ?1, ?2, ?3, ?6, ?11, ?12, ?16, ?17 = the account
-- ?4 = 1
-- ?5 = 0
-- ?7 = 20
-- ?8 = 0
-- ?9 = 1
-- ?10 = 0
-- ?13 = 20
-- ?14 = 0
-- ?15 = x'01890a5d000070008000000000000001'
-- ?18 = 1
-- ?19 = 0
