SELECT '{"links":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"link_' || lower(hex(link_1.id)) ||
      '","retractedAt":' || coalesce('"' || link_1.retracted_at || '"', 'null') || '}' AS json
    FROM (
      SELECT link_2.id AS id
      FROM channel AS channel_1
      CROSS JOIN link AS link_2 ON link_2.first_channel_id = channel_1.id
      WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = ?1 AND link_2.account_id = ?2 UNION SELECT link_3.id AS id
      FROM channel AS channel_2
      CROSS JOIN link AS link_3 ON link_3.second_channel_id = channel_2.id
      WHERE channel_2.profile_id = profile_1.id AND channel_2.account_id = ?3 AND link_3.account_id = ?4
    ) AS anon_2
    CROSS JOIN link AS link_1 ON link_1.id = anon_2.id
    WHERE link_1.account_id = ?5
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_3
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_3.profile_id
WHERE channel_3.home_id = ?6 AND channel_3.account_id = ?7 AND profile_1.account_id = ?8
LIMIT ?9 OFFSET ?10

-- ?1, ?2, ?3, ?4, ?5, ?7, ?8 = the account
-- ?6 = x'000000000000000000000000000000a1'
-- ?9 = 1
-- ?10 = 0
