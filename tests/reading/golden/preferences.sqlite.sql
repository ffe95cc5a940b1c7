SELECT '{"preferences":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"topic":' || coalesce((
      SELECT '{"key":' || json_quote(topic_1."key") || '}' AS json
      FROM topic AS topic_1
      WHERE topic_1.id = anon_2.topic_id AND topic_1.account_id = ?1
      LIMIT ?2 OFFSET ?3
    ), 'null') ||
      ',"channelKind":' || json_quote(anon_2.channel_kind) ||
      ',"subscribed":' || CASE anon_2.subscribed WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
      ',"updatedAt":' || coalesce('"' || anon_2.updated_at || '"', 'null') || '}' AS json
    FROM (
      SELECT channel_topic_1.topic_id AS topic_id, channel_1.kind AS channel_kind, channel_topic_1.status != ?4 AS subscribed, channel_topic_1.at AS updated_at, row_number() OVER (PARTITION BY channel_1.kind, channel_topic_1.topic_id ORDER BY channel_topic_1.at DESC, CASE WHEN (channel_topic_1.status = ?5) THEN ?6 ELSE ?7 END, channel_topic_1.channel_id) AS place
      FROM channel AS channel_1
      CROSS JOIN channel_topic AS channel_topic_1 ON channel_topic_1.channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = ?8 AND channel_topic_1.account_id = ?9
    ) AS anon_2
    WHERE anon_2.place = ?10
    ORDER BY anon_2.topic_id, anon_2.channel_kind
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.home_id = ?11 AND channel_2.account_id = ?12 AND profile_1.account_id = ?13
LIMIT ?14 OFFSET ?15

-- ?1, ?8, ?9, ?12, ?13 = the account
-- ?2 = 1
-- ?3 = 0
-- ?4 = 'OPTED_OUT'
-- ?5 = 'OPTED_OUT'
-- ?6 = 0
-- ?7 = 1
-- ?10 = 1
-- ?11 = x'01890a5d000070008000000000000001'
-- ?14 = 1
-- ?15 = 0
