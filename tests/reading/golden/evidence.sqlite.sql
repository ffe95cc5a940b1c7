SELECT '{"links":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"explanation":' || ('[' || coalesce('"' || link_1.at || '"', 'null') || ',' || json_quote(link_1.method) || ',' || json_quote(link_1.detail) || ',' || json_quote(link_1.actor) || ',' || json_quote((
      SELECT channel_1.address
      FROM channel AS channel_1
      WHERE channel_1.id = link_1.first_channel_id AND channel_1.account_id = ?1
    )) || ',' || json_quote((
      SELECT channel_2.address
      FROM channel AS channel_2
      WHERE channel_2.id = link_1.second_channel_id AND channel_2.account_id = ?2
    )) || ']') ||
      ',"trust":' || json_quote(link_1.trust) ||
      ',"channels":[' || (
      SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"address":' || json_quote(channel_3.address) || '}' AS json
        FROM (
          SELECT link_1.first_channel_id AS id UNION ALL SELECT link_1.second_channel_id AS id
        ) AS anon_3
        CROSS JOIN channel AS channel_3 ON channel_3.id = anon_3.id
        WHERE channel_3.account_id = ?3
        ORDER BY channel_3.created_at, channel_3.id
      ) AS anon_2
    ) ||
      '],"merge":' || coalesce((
      SELECT '{"absorbedId":"profile_' || lower(hex(merge_1.absorbed_id)) || '"}' AS json
      FROM merge AS merge_1
      WHERE merge_1.link_id = link_1.id AND merge_1.account_id = ?4
      LIMIT ?5 OFFSET ?6
    ), 'null') || '}' AS json
    FROM channel AS channel_4
    CROSS JOIN link AS link_1 ON link_1.first_channel_id = channel_4.id
    WHERE channel_4.profile_id = profile_1.id AND link_1.retracted_at IS NULL AND channel_4.account_id = ?7 AND link_1.account_id = ?8
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) ||
  '],"merges":[' || (
  SELECT coalesce(group_concat(anon_4.json, ','), '') AS coalesce_3
  FROM (
    SELECT '{"at":' || coalesce('"' || merge_2.at || '"', 'null') ||
      ',"undoneAt":' || coalesce('"' || merge_2.undone_at || '"', 'null') ||
      ',"survivor":' || coalesce((
      SELECT '{"id":"profile_' || lower(hex(profile_2.id)) || '"}' AS json
      FROM channel AS channel_5
      CROSS JOIN profile AS profile_2 ON profile_2.id = channel_5.profile_id
      WHERE channel_5.home_id = merge_2.survivor_id AND channel_5.account_id = ?9 AND profile_2.account_id = ?10
      LIMIT ?11 OFFSET ?12
    ), 'null') ||
      ',"channels":[' || (
      SELECT coalesce(group_concat(anon_5.json, ','), '') AS coalesce_4
      FROM (
        SELECT '{"address":' || json_quote(channel_6.address) || '}' AS json
        FROM merge_channel AS merge_channel_1
        CROSS JOIN channel AS channel_6 ON channel_6.id = merge_channel_1.channel_id
        WHERE merge_channel_1.merge_id = merge_2.id AND merge_channel_1.account_id = ?13 AND channel_6.account_id = ?14
        ORDER BY channel_6.created_at, channel_6.id
      ) AS anon_5
    ) ||
      '],"links":[' || (
      SELECT coalesce(group_concat(anon_6.json, ','), '') AS coalesce_5
      FROM (
        SELECT '{"explanation":' || ('[' || coalesce('"' || link_2.at || '"', 'null') || ',' || json_quote(link_2.method) || ',' || json_quote(link_2.detail) || ',' || json_quote(link_2.actor) || ',' || json_quote((
          SELECT channel_7.address
          FROM channel AS channel_7
          WHERE channel_7.id = link_2.first_channel_id AND channel_7.account_id = ?15
        )) || ',' || json_quote((
          SELECT channel_8.address
          FROM channel AS channel_8
          WHERE channel_8.id = link_2.second_channel_id AND channel_8.account_id = ?16
        )) || ']') || '}' AS json
        FROM link AS link_2
        WHERE link_2.id = merge_2.link_id AND link_2.account_id = ?17
      ) AS anon_6
    ) || ']}' AS json
    FROM (
      SELECT link_3.id AS id
      FROM channel AS channel_9
      CROSS JOIN link AS link_3 ON link_3.first_channel_id = channel_9.id
      WHERE channel_9.profile_id = profile_1.id AND channel_9.account_id = ?18 AND link_3.account_id = ?19 UNION SELECT link_4.id AS id
      FROM channel AS channel_10
      CROSS JOIN link AS link_4 ON link_4.second_channel_id = channel_10.id
      WHERE channel_10.profile_id = profile_1.id AND channel_10.account_id = ?20 AND link_4.account_id = ?21
    ) AS anon_7
    CROSS JOIN merge AS merge_2 ON merge_2.link_id = anon_7.id
    WHERE merge_2.account_id = ?22
    ORDER BY merge_2.at, merge_2.id
  ) AS anon_4
) || ']}' AS json
FROM channel AS channel_11
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_11.profile_id
WHERE channel_11.kind = ?23 AND channel_11.address = ?24 AND channel_11.account_id = ?25 AND profile_1.account_id = ?26
LIMIT ?27 OFFSET ?28

-- ?1, ?2, ?3, ?4, ?7, ?8, ?9, ?10, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?25, ?26 = the account
-- ?5 = 1
-- ?6 = 0
-- ?11 = 1
-- ?12 = 0
-- ?23 = 'SMS'
-- ?24 = '+14155552671'
-- ?27 = 1
-- ?28 = 0
