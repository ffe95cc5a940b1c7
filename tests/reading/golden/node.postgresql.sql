SELECT '{"__typename":"Engagement","id":"engagement_' || encode(uuid_send(engagement_1.id), 'hex') ||
  '","channelKind":' || coalesce(CAST(to_json((
  SELECT channel_1.kind
  FROM channel AS channel_1
  WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = $1::INTEGER
)) AS TEXT), 'null') ||
  ',"profile":' || coalesce((
  SELECT '{"displayName":' || coalesce(CAST(to_json(profile_1.display_name) AS TEXT), 'null') || '}' AS json
  FROM channel AS channel_2
  JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
  WHERE channel_2.id = engagement_1.channel_id AND channel_2.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
  LIMIT $2::INTEGER
), 'null') || '}' AS json
FROM engagement AS engagement_1
WHERE engagement_1.id = $3::UUID AND engagement_1.account_id = $1::INTEGER
LIMIT $4::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $4 = 1

SELECT '{' || coalesce(string_agg(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || encode(uuid_send(channel_1.id), 'hex') ||
    '":{"id":"channel_' || encode(uuid_send(channel_1.id), 'hex') ||
    '","address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') || '}' AS json
  FROM (
    SELECT unnest($1::UUID[]) AS id
  ) AS anon_3
  JOIN channel AS channel_1 ON channel_1.id = anon_3.id
  WHERE channel_1.account_id = $2::INTEGER
) AS anon_2

-- $2 = the account
-- $1 = [UUID('01890a5d-0000-7000-8000-000000000004'), UUID('01890a5d-0000-7000-8000-000000000001')]

SELECT '{' || coalesce(string_agg(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || encode(uuid_send(channel_1.home_id), 'hex') ||
    '":{"id":"profile_' || encode(uuid_send(profile_1.id), 'hex') ||
    '","displayName":' || coalesce(CAST(to_json(profile_1.display_name) AS TEXT), 'null') ||
    ',"compliance":{"processingRestricted":' || coalesce(CAST(profile_1.restricted_at IS NOT NULL AS TEXT), 'null') || '}}' AS json
  FROM channel AS channel_1
  JOIN profile AS profile_1 ON profile_1.id = channel_1.profile_id
  WHERE channel_1.home_id = ANY ($1::UUID[]) AND channel_1.account_id = $2::INTEGER AND profile_1.account_id = $2::INTEGER
) AS anon_2

-- $2 = the account
-- $1 = [UUID('01890a5d-0000-7000-8000-000000000002')]

SELECT '{' || coalesce(string_agg(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || encode(uuid_send(engagement_1.id), 'hex') ||
    '":{"id":"engagement_' || encode(uuid_send(engagement_1.id), 'hex') || '"}' AS json
  FROM (
    SELECT unnest($1::UUID[]) AS id
  ) AS anon_3
  JOIN engagement AS engagement_1 ON engagement_1.id = anon_3.id
  WHERE engagement_1.account_id = $2::INTEGER
) AS anon_2

-- $2 = the account
-- $1 = [UUID('01890a5d-0000-7000-8000-000000000003')]
