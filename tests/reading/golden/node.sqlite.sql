SELECT '{"__typename":"Engagement","id":"engagement_' || lower(hex(engagement_1.id)) ||
  '","channelKind":' || json_quote((
  SELECT channel_1.kind
  FROM channel AS channel_1
  WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = ?1
)) ||
  ',"profile":' || coalesce((
  SELECT '{"displayName":' || json_quote(profile_1.display_name) || '}' AS json
  FROM channel AS channel_2
  CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE channel_2.id = engagement_1.channel_id AND channel_2.account_id = ?2 AND profile_1.account_id = ?3
  LIMIT ?4 OFFSET ?5
), 'null') || '}' AS json
FROM engagement AS engagement_1
WHERE engagement_1.id = ?6 AND engagement_1.account_id = ?7
LIMIT ?8 OFFSET ?9

-- ?1, ?2, ?3, ?7 = the account
-- ?4 = 1
-- ?5 = 0
-- ?6 = x'01890a5d000070008000000000000001'
-- ?8 = 1
-- ?9 = 0

SELECT '{' || coalesce(group_concat(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || lower(hex(channel_1.id)) ||
    '":{"id":"channel_' || lower(hex(channel_1.id)) ||
    '","address":' || json_quote(channel_1.address) || '}' AS json
  FROM (
    SELECT unhex(value) AS id
    FROM json_each(?1)
  ) AS anon_3
  CROSS JOIN channel AS channel_1 ON channel_1.id = anon_3.id
  WHERE channel_1.account_id = ?2
) AS anon_2

-- ?2 = the account
-- ?1 = '["01890a5d000070008000000000000004","01890a5d000070008000000000000001"]'

SELECT '{' || coalesce(group_concat(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || lower(hex(channel_1.home_id)) ||
    '":{"id":"profile_' || lower(hex(profile_1.id)) ||
    '","displayName":' || json_quote(profile_1.display_name) ||
    ',"compliance":{"processingRestricted":' || CASE profile_1.restricted_at IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS json
  FROM channel AS channel_1
  CROSS JOIN profile AS profile_1 ON profile_1.id = channel_1.profile_id
  WHERE channel_1.home_id IN (
    SELECT unhex(value)
    FROM json_each(?1)
  ) AND channel_1.account_id = ?2 AND profile_1.account_id = ?3
) AS anon_2

-- ?2, ?3 = the account
-- ?1 = '["01890a5d000070008000000000000002"]'

SELECT '{' || coalesce(group_concat(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || lower(hex(engagement_1.id)) ||
    '":{"id":"engagement_' || lower(hex(engagement_1.id)) || '"}' AS json
  FROM (
    SELECT unhex(value) AS id
    FROM json_each(?1)
  ) AS anon_3
  CROSS JOIN engagement AS engagement_1 ON engagement_1.id = anon_3.id
  WHERE engagement_1.account_id = ?2
) AS anon_2

-- ?2 = the account
-- ?1 = '["01890a5d000070008000000000000003"]'
