SELECT '{"preferences":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"topic":' || coalesce((
      SELECT '{"key":' || coalesce(CAST(to_json(topic_1.key) AS TEXT), 'null') || '}' AS json
      FROM topic AS topic_1
      WHERE topic_1.id = anon_2.topic_id AND topic_1.account_id = $1::INTEGER
      LIMIT $2::INTEGER
    ), 'null') ||
      ',"channelKind":' || coalesce(CAST(to_json(anon_2.channel_kind) AS TEXT), 'null') ||
      ',"subscribed":' || coalesce(CAST(anon_2.subscribed AS TEXT), 'null') ||
      ',"updatedAt":' || coalesce('"' || to_char(timezone('UTC', anon_2.updated_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}' AS json
    FROM (
      SELECT channel_topic_1.topic_id AS topic_id, channel_1.kind AS channel_kind, channel_topic_1.status != $3::VARCHAR AS subscribed, channel_topic_1.at AS updated_at, row_number() OVER (PARTITION BY channel_1.kind, channel_topic_1.topic_id ORDER BY channel_topic_1.at DESC, CASE WHEN (channel_topic_1.status = $4::VARCHAR) THEN $5::INTEGER ELSE $6::INTEGER END, channel_topic_1.channel_id) AS place
      FROM channel AS channel_1
      JOIN channel_topic AS channel_topic_1 ON channel_topic_1.channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = $1::INTEGER AND channel_topic_1.account_id = $1::INTEGER
    ) AS anon_2
    WHERE anon_2.place = $7::INTEGER
    ORDER BY anon_2.topic_id, anon_2.channel_kind
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.home_id = $8::UUID AND channel_2.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $9::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = 'OPTED_OUT'
-- $4 = 'OPTED_OUT'
-- $5 = 0
-- $6 = 1
-- $7 = 1
-- $8 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $9 = 1
