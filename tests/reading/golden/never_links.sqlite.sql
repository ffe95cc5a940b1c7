SELECT '{"neverLinks":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"never_link_' || lower(hex(never_link_1.id)) ||
      '","channels":[' || (
      SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"address":' || json_quote(channel_1.address) || '}' AS json
        FROM never_link_channel AS never_link_channel_1
        CROSS JOIN channel AS channel_1 ON channel_1.id = never_link_channel_1.channel_id
        WHERE never_link_channel_1.never_link_id = never_link_1.id AND never_link_channel_1.account_id = ?1 AND channel_1.account_id = ?2
        ORDER BY channel_1.created_at, channel_1.id
      ) AS anon_2
    ) ||
      '],"oneSide":[' || (
      SELECT coalesce(group_concat(anon_3.json, ','), '') AS coalesce_3
      FROM (
        SELECT '{"address":' || json_quote(channel_2.address) || '}' AS json
        FROM never_link_channel AS never_link_channel_2
        CROSS JOIN channel AS channel_2 ON channel_2.id = never_link_channel_2.channel_id
        WHERE never_link_channel_2.never_link_id = never_link_1.id AND never_link_channel_2.side = ?3 AND never_link_channel_2.account_id = ?4 AND channel_2.account_id = ?5
        ORDER BY channel_2.created_at, channel_2.id
      ) AS anon_3
    ) ||
      '],"otherSide":[' || (
      SELECT coalesce(group_concat(anon_4.json, ','), '') AS coalesce_4
      FROM (
        SELECT '{"address":' || json_quote(channel_3.address) || '}' AS json
        FROM never_link_channel AS never_link_channel_3
        CROSS JOIN channel AS channel_3 ON channel_3.id = never_link_channel_3.channel_id
        WHERE never_link_channel_3.never_link_id = never_link_1.id AND never_link_channel_3.side = ?6 AND never_link_channel_3.account_id = ?7 AND channel_3.account_id = ?8
        ORDER BY channel_3.created_at, channel_3.id
      ) AS anon_4
    ) ||
      '],"at":' || coalesce('"' || never_link_1.at || '"', 'null') ||
      ',"actor":' || json_quote(never_link_1.actor) || '}' AS json
    FROM (
      SELECT never_link_channel_4.never_link_id AS id
      FROM channel AS channel_4
      CROSS JOIN never_link_channel AS never_link_channel_4 ON never_link_channel_4.channel_id = channel_4.id
      WHERE channel_4.profile_id = profile_1.id AND never_link_channel_4.side = ?9 AND channel_4.account_id = ?10 AND never_link_channel_4.account_id = ?11 UNION SELECT never_link_channel_5.never_link_id AS id
      FROM channel AS channel_5
      CROSS JOIN never_link_channel AS never_link_channel_5 ON never_link_channel_5.channel_id = channel_5.id
      WHERE channel_5.profile_id = profile_1.id AND never_link_channel_5.side = ?12 AND channel_5.account_id = ?13 AND never_link_channel_5.account_id = ?14
    ) AS anon_5
    CROSS JOIN never_link AS never_link_1 ON never_link_1.id = anon_5.id
    WHERE never_link_1.account_id = ?15
    ORDER BY never_link_1.at, never_link_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_6
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_6.profile_id
WHERE channel_6.home_id = ?16 AND channel_6.account_id = ?17 AND profile_1.account_id = ?18
LIMIT ?19 OFFSET ?20

-- ?1, ?2, ?4, ?5, ?7, ?8, ?10, ?11, ?13, ?14, ?15, ?17, ?18 = the account
-- ?3 = 0
-- ?6 = 1
-- ?9 = 0
-- ?12 = 1
-- ?16 = x'000000000000000000000000000000a1'
-- ?19 = 1
-- ?20 = 0
