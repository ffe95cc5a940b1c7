SELECT '{"links":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"link_' || encode(uuid_send(link_1.id), 'hex') ||
      '","retractedAt":' || coalesce('"' || to_char(timezone('UTC', link_1.retracted_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}' AS json
    FROM (
      SELECT link_2.id AS id
      FROM channel AS channel_1
      JOIN link AS link_2 ON link_2.first_channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = $1::INTEGER AND link_2.account_id = $1::INTEGER UNION SELECT link_3.id AS id
      FROM channel AS channel_2
      JOIN link AS link_3 ON link_3.second_channel_id = channel_2.id
      WHERE channel_2.profile_id = profile_1.id AND channel_2.account_id = $1::INTEGER AND link_3.account_id = $1::INTEGER
    ) AS anon_2
    JOIN link AS link_1 ON link_1.id = anon_2.id
    WHERE link_1.account_id = $1::INTEGER
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_3
JOIN profile AS profile_1 ON profile_1.id = channel_3.profile_id
WHERE channel_3.home_id = $2::UUID AND channel_3.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $3::INTEGER

-- $1 = the account
-- $2 = UUID('00000000-0000-0000-0000-0000000000a1')
-- $3 = 1
