SELECT '{' || coalesce(group_concat(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || lower(hex(engagement_1.id)) ||
    '":{"id":"engagement_' || lower(hex(engagement_1.id)) ||
    '","profile":' || coalesce((
    SELECT '{"id":"profile_' || lower(hex(profile_1.id)) || '"}' AS json
    FROM channel AS channel_1
    CROSS JOIN profile AS profile_1 ON profile_1.id = channel_1.profile_id
    WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = ?1 AND profile_1.account_id = ?2
    LIMIT ?3 OFFSET ?4
  ), 'null') || '}' AS json
  FROM (
    SELECT unhex(value) AS id
    FROM json_each(?5)
  ) AS anon_3
  CROSS JOIN engagement AS engagement_1 ON engagement_1.id = anon_3.id
  WHERE engagement_1.account_id = ?6
) AS anon_2

-- ?1, ?2, ?6 = the account
-- ?3 = 1
-- ?4 = 0
-- ?5 = '["01890a5d000070008000000000000001","01890a5d000070008000000000000002"]'
