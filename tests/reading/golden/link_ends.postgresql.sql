SELECT '{"links":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"channels":[' || (
      SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"id":"channel_' || encode(uuid_send(channel_1.id), 'hex') ||
          '","profile":' || coalesce((
          SELECT '{"id":"profile_' || encode(uuid_send(profile_1.id), 'hex') || '"}' AS json
          FROM profile AS profile_1
          WHERE profile_1.id = channel_1.profile_id AND profile_1.account_id = $1::INTEGER
          LIMIT $2::INTEGER
        ), 'null') || '}' AS json
        FROM (
          SELECT link_1.first_channel_id AS id UNION ALL SELECT link_1.second_channel_id AS id
        ) AS anon_3
        JOIN channel AS channel_1 ON channel_1.id = anon_3.id
        WHERE channel_1.account_id = $1::INTEGER
        ORDER BY channel_1.created_at, channel_1.id
      ) AS anon_2
    ) || ']}' AS json
    FROM channel AS channel_2
    JOIN link AS link_1 ON link_1.first_channel_id = channel_2.id
    WHERE channel_2.profile_id = profile_2.id AND link_1.retracted_at IS NULL AND channel_2.account_id = $1::INTEGER AND link_1.account_id = $1::INTEGER
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_3
JOIN profile AS profile_2 ON profile_2.id = channel_3.profile_id
WHERE channel_3.home_id = $3::UUID AND channel_3.account_id = $1::INTEGER AND profile_2.account_id = $1::INTEGER
LIMIT $4::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $4 = 1
