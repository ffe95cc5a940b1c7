SELECT '{"links":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"explanation":' || ('[' || coalesce('"' || to_char(timezone('UTC', link_1.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || ',' || coalesce(CAST(to_json(link_1.method) AS TEXT), 'null') || ',' || coalesce(CAST(to_json(link_1.detail) AS TEXT), 'null') || ',' || coalesce(CAST(to_json(link_1.actor) AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
      SELECT channel_1.address
      FROM channel AS channel_1
      WHERE channel_1.id = link_1.first_channel_id AND channel_1.account_id = $1::INTEGER
    )) AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
      SELECT channel_2.address
      FROM channel AS channel_2
      WHERE channel_2.id = link_1.second_channel_id AND channel_2.account_id = $1::INTEGER
    )) AS TEXT), 'null') || ']') ||
      ',"trust":' || coalesce(CAST(to_json(link_1.trust) AS TEXT), 'null') ||
      ',"channels":[' || (
      SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"address":' || coalesce(CAST(to_json(channel_3.address) AS TEXT), 'null') || '}' AS json
        FROM (
          SELECT link_1.first_channel_id AS id UNION ALL SELECT link_1.second_channel_id AS id
        ) AS anon_3
        JOIN channel AS channel_3 ON channel_3.id = anon_3.id
        WHERE channel_3.account_id = $1::INTEGER
        ORDER BY channel_3.created_at, channel_3.id
      ) AS anon_2
    ) ||
      '],"merge":' || coalesce((
      SELECT '{"absorbedId":"profile_' || encode(uuid_send(merge_1.absorbed_id), 'hex') || '"}' AS json
      FROM merge AS merge_1
      WHERE merge_1.link_id = link_1.id AND merge_1.account_id = $1::INTEGER
      LIMIT $2::INTEGER
    ), 'null') || '}' AS json
    FROM channel AS channel_4
    JOIN link AS link_1 ON link_1.first_channel_id = channel_4.id
    WHERE channel_4.profile_id = profile_1.id AND link_1.retracted_at IS NULL AND channel_4.account_id = $1::INTEGER AND link_1.account_id = $1::INTEGER
    ORDER BY link_1.at, link_1.id
  ) AS anon_1
) ||
  '],"merges":[' || (
  SELECT coalesce(string_agg(anon_4.json, ','), '') AS coalesce_3
  FROM (
    SELECT '{"at":' || coalesce('"' || to_char(timezone('UTC', merge_2.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
      ',"undoneAt":' || coalesce('"' || to_char(timezone('UTC', merge_2.undone_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
      ',"survivor":' || coalesce((
      SELECT '{"id":"profile_' || encode(uuid_send(profile_2.id), 'hex') || '"}' AS json
      FROM channel AS channel_5
      JOIN profile AS profile_2 ON profile_2.id = channel_5.profile_id
      WHERE channel_5.home_id = merge_2.survivor_id AND channel_5.account_id = $1::INTEGER AND profile_2.account_id = $1::INTEGER
      LIMIT $3::INTEGER
    ), 'null') ||
      ',"channels":[' || (
      SELECT coalesce(string_agg(anon_5.json, ','), '') AS coalesce_4
      FROM (
        SELECT '{"address":' || coalesce(CAST(to_json(channel_6.address) AS TEXT), 'null') || '}' AS json
        FROM merge_channel AS merge_channel_1
        JOIN channel AS channel_6 ON channel_6.id = merge_channel_1.channel_id
        WHERE merge_channel_1.merge_id = merge_2.id AND merge_channel_1.account_id = $1::INTEGER AND channel_6.account_id = $1::INTEGER
        ORDER BY channel_6.created_at, channel_6.id
      ) AS anon_5
    ) ||
      '],"links":[' || (
      SELECT coalesce(string_agg(anon_6.json, ','), '') AS coalesce_5
      FROM (
        SELECT '{"explanation":' || ('[' || coalesce('"' || to_char(timezone('UTC', link_2.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || ',' || coalesce(CAST(to_json(link_2.method) AS TEXT), 'null') || ',' || coalesce(CAST(to_json(link_2.detail) AS TEXT), 'null') || ',' || coalesce(CAST(to_json(link_2.actor) AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
          SELECT channel_7.address
          FROM channel AS channel_7
          WHERE channel_7.id = link_2.first_channel_id AND channel_7.account_id = $1::INTEGER
        )) AS TEXT), 'null') || ',' || coalesce(CAST(to_json((
          SELECT channel_8.address
          FROM channel AS channel_8
          WHERE channel_8.id = link_2.second_channel_id AND channel_8.account_id = $1::INTEGER
        )) AS TEXT), 'null') || ']') || '}' AS json
        FROM link AS link_2
        WHERE link_2.id = merge_2.link_id AND link_2.account_id = $1::INTEGER
      ) AS anon_6
    ) || ']}' AS json
    FROM (
      SELECT link_3.id AS id
      FROM channel AS channel_9
      JOIN link AS link_3 ON link_3.first_channel_id = channel_9.id
      WHERE channel_9.profile_id = profile_1.id AND channel_9.account_id = $1::INTEGER AND link_3.account_id = $1::INTEGER UNION SELECT link_4.id AS id
      FROM channel AS channel_10
      JOIN link AS link_4 ON link_4.second_channel_id = channel_10.id
      WHERE channel_10.profile_id = profile_1.id AND channel_10.account_id = $1::INTEGER AND link_4.account_id = $1::INTEGER
    ) AS anon_7
    JOIN merge AS merge_2 ON merge_2.link_id = anon_7.id
    WHERE merge_2.account_id = $1::INTEGER
    ORDER BY merge_2.at, merge_2.id
  ) AS anon_4
) || ']}' AS json
FROM channel AS channel_11
JOIN profile AS profile_1 ON profile_1.id = channel_11.profile_id
WHERE channel_11.kind = $4::VARCHAR AND channel_11.address = $5::VARCHAR AND channel_11.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $6::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = 1
-- $4 = 'SMS'
-- $5 = '+14155552671'
-- $6 = 1
