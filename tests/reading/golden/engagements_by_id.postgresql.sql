SELECT '{' || coalesce(string_agg(anon_2.json, ','), '') || '}' AS anon_1
FROM (
  SELECT '"' || encode(uuid_send(engagement_1.id), 'hex') ||
    '":{"id":"engagement_' || encode(uuid_send(engagement_1.id), 'hex') ||
    '","profile":' || coalesce((
    SELECT '{"id":"profile_' || encode(uuid_send(profile_1.id), 'hex') || '"}' AS json
    FROM channel AS channel_1
    JOIN profile AS profile_1 ON profile_1.id = channel_1.profile_id
    WHERE channel_1.id = engagement_1.channel_id AND channel_1.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
    LIMIT $2::INTEGER
  ), 'null') || '}' AS json
  FROM (
    SELECT unnest($3::UUID[]) AS id
  ) AS anon_3
  JOIN engagement AS engagement_1 ON engagement_1.id = anon_3.id
  WHERE engagement_1.account_id = $1::INTEGER
) AS anon_2

-- $1 = the account
-- $2 = 1
-- $3 = [UUID('01890a5d-0000-7000-8000-000000000001'), UUID('01890a5d-0000-7000-8000-000000000002')]
