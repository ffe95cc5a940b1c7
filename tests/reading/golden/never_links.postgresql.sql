SELECT '{"neverLinks":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"never_link_' || encode(uuid_send(never_link_1.id), 'hex') ||
      '","channels":[' || (
      SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') || '}' AS json
        FROM never_link_channel AS never_link_channel_1
        JOIN channel AS channel_1 ON channel_1.id = never_link_channel_1.channel_id
        WHERE never_link_channel_1.never_link_id = never_link_1.id AND never_link_channel_1.account_id = $1::INTEGER AND channel_1.account_id = $1::INTEGER
        ORDER BY channel_1.created_at, channel_1.id
      ) AS anon_2
    ) ||
      '],"oneSide":[' || (
      SELECT coalesce(string_agg(anon_3.json, ','), '') AS coalesce_3
      FROM (
        SELECT '{"address":' || coalesce(CAST(to_json(channel_2.address) AS TEXT), 'null') || '}' AS json
        FROM never_link_channel AS never_link_channel_2
        JOIN channel AS channel_2 ON channel_2.id = never_link_channel_2.channel_id
        WHERE never_link_channel_2.never_link_id = never_link_1.id AND never_link_channel_2.side = $2::INTEGER AND never_link_channel_2.account_id = $1::INTEGER AND channel_2.account_id = $1::INTEGER
        ORDER BY channel_2.created_at, channel_2.id
      ) AS anon_3
    ) ||
      '],"otherSide":[' || (
      SELECT coalesce(string_agg(anon_4.json, ','), '') AS coalesce_4
      FROM (
        SELECT '{"address":' || coalesce(CAST(to_json(channel_3.address) AS TEXT), 'null') || '}' AS json
        FROM never_link_channel AS never_link_channel_3
        JOIN channel AS channel_3 ON channel_3.id = never_link_channel_3.channel_id
        WHERE never_link_channel_3.never_link_id = never_link_1.id AND never_link_channel_3.side = $3::INTEGER AND never_link_channel_3.account_id = $1::INTEGER AND channel_3.account_id = $1::INTEGER
        ORDER BY channel_3.created_at, channel_3.id
      ) AS anon_4
    ) ||
      '],"at":' || coalesce('"' || to_char(timezone('UTC', never_link_1.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
      ',"actor":' || coalesce(CAST(to_json(never_link_1.actor) AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT never_link_channel_4.never_link_id AS id
      FROM channel AS channel_4
      JOIN never_link_channel AS never_link_channel_4 ON never_link_channel_4.channel_id = channel_4.id
      WHERE channel_4.profile_id = profile_1.id AND never_link_channel_4.side = $4::INTEGER AND channel_4.account_id = $1::INTEGER AND never_link_channel_4.account_id = $1::INTEGER UNION SELECT never_link_channel_5.never_link_id AS id
      FROM channel AS channel_5
      JOIN never_link_channel AS never_link_channel_5 ON never_link_channel_5.channel_id = channel_5.id
      WHERE channel_5.profile_id = profile_1.id AND never_link_channel_5.side = $5::INTEGER AND channel_5.account_id = $1::INTEGER AND never_link_channel_5.account_id = $1::INTEGER
    ) AS anon_5
    JOIN never_link AS never_link_1 ON never_link_1.id = anon_5.id
    WHERE never_link_1.account_id = $1::INTEGER
    ORDER BY never_link_1.at, never_link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_6
JOIN profile AS profile_1 ON profile_1.id = channel_6.profile_id
WHERE channel_6.home_id = $6::UUID AND channel_6.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $7::INTEGER

-- $1 = the account
-- $2 = 0
-- $3 = 1
-- $4 = 0
-- $5 = 1
-- $6 = UUID('00000000-0000-0000-0000-0000000000a1')
-- $7 = 1
