SELECT '{"id":"profile_' || encode(uuid_send(profile_1.id), 'hex') ||
  '","displayName":' || coalesce(CAST(to_json(profile_1.display_name) AS TEXT), 'null') ||
  ',"channels":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"channel_' || encode(uuid_send(channel_1.id), 'hex') ||
      '","kind":' || coalesce(CAST(to_json(channel_1.kind) AS TEXT), 'null') ||
      ',"address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') ||
      ',"isPrimary":' || coalesce(CAST(EXISTS (
      SELECT profile_2.id
      FROM profile AS profile_2
      WHERE profile_2.id = channel_1.profile_id AND (profile_2.email_channel_id = channel_1.id OR profile_2.sms_channel_id = channel_1.id) AND profile_2.account_id = $1::INTEGER
    ) AS TEXT), 'null') ||
      ',"consent":{"status":' || coalesce(CAST(to_json(channel_1.consent_status) AS TEXT), 'null') || '}}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = $1::INTEGER
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) ||
  '],"engagements":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"id":"engagement_' || encode(uuid_send(page_1."id"), 'hex') ||
    '","kind":' || coalesce(CAST(to_json(page_1."kind") AS TEXT), 'null') ||
    ',"occurredAt":' || coalesce('"' || to_char(timezone('UTC', page_1."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
    ',"channel":' || coalesce((
    SELECT '{"address":' || coalesce(CAST(to_json(channel_2.address) AS TEXT), 'null') || '}' AS json
    FROM channel AS channel_2
    WHERE channel_2.id = page_1."channel_id" AND channel_2.account_id = $1::INTEGER
    LIMIT $2::INTEGER
  ), 'null') ||
    ',"value":' || coalesce(CAST(to_json(page_1."value") AS TEXT), 'null') ||
    ',"properties":' || coalesce(CAST(page_1."properties" AS TEXT), 'null') || '}', ','), '') || ']}' AS anon_2
  FROM (
    SELECT anon_3.id AS id, anon_3.kind AS kind, anon_3.occurred_at AS occurred_at, anon_3.channel_id AS channel_id, anon_3.value AS value, anon_3.properties AS properties
    FROM channel AS channel_3
    JOIN LATERAL (
      SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at, engagement_1.channel_id AS channel_id, engagement_1.value AS value, engagement_1.properties AS properties, engagement_1.occurred_at AS sorted_by, engagement_1.id AS sorted_id
      FROM engagement AS engagement_1
      WHERE engagement_1.channel_id = channel_3.id AND engagement_1.account_id = $1::INTEGER
      ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
      LIMIT $3::INTEGER
    ) AS anon_3 ON true
    WHERE channel_3.profile_id = profile_1.id AND channel_3.account_id = $1::INTEGER
    ORDER BY anon_3.sorted_by DESC, anon_3.sorted_id DESC
    LIMIT $3::INTEGER
  ) AS page_1
) || '}' AS json
FROM channel AS channel_4
JOIN profile AS profile_1 ON profile_1.id = channel_4.profile_id
WHERE channel_4.home_id = $4::UUID AND channel_4.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $5::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = 20
-- $4 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $5 = 1
