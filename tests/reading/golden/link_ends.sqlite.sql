SELECT '{"links":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"channels":[' || (
      SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"id":"channel_' || lower(hex(channel_1.id)) ||
          '","profile":' || coalesce((
          SELECT '{"id":"profile_' || lower(hex(profile_1.id)) || '"}' AS json
          FROM profile AS profile_1
          WHERE profile_1.id = channel_1.profile_id AND profile_1.account_id = ?1
          LIMIT ?2 OFFSET ?3
        ), 'null') || '}' AS json
        FROM (
          SELECT link_1.first_channel_id AS id UNION ALL SELECT link_1.second_channel_id AS id
        ) AS anon_3
        CROSS JOIN channel AS channel_1 ON channel_1.id = anon_3.id
        WHERE channel_1.account_id = ?4
        ORDER BY channel_1.created_at, channel_1.id
      ) AS anon_2
    ) || ']}' AS json
    FROM channel AS channel_2
    CROSS JOIN link AS link_1 ON link_1.first_channel_id = channel_2.id
    WHERE channel_2.profile_id = profile_2.id AND link_1.retracted_at IS NULL AND channel_2.account_id = ?5 AND link_1.account_id = ?6
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_3
CROSS JOIN profile AS profile_2 ON profile_2.id = channel_3.profile_id
WHERE channel_3.home_id = ?7 AND channel_3.account_id = ?8 AND profile_2.account_id = ?9
LIMIT ?10 OFFSET ?11

-- ?1, ?4, ?5, ?6, ?8, ?9 = the account
-- ?2 = 1
-- ?3 = 0
-- ?7 = x'01890a5d000070008000000000000001'
-- ?10 = 1
-- ?11 = 0
