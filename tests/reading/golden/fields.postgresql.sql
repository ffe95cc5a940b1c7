SELECT '{"customFields":' || coalesce(CAST(profile_1.custom_fields AS TEXT), 'null') ||
  ',"fields":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"key":' || coalesce(CAST(to_json(anon_2.key) AS TEXT), 'null') ||
      ',"value":' || coalesce(CAST(anon_2.value AS TEXT), 'null') ||
      ',"source":{"method":' || coalesce(CAST(to_json(anon_2.method) AS TEXT), 'null') ||
      ',"detail":' || coalesce(CAST(to_json(anon_2.detail) AS TEXT), 'null') ||
      ',"at":' || coalesce('"' || to_char(timezone('UTC', anon_2.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
      '},"channel":' || coalesce((
      SELECT '{"address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') || '}' AS json
      FROM channel AS channel_1
      WHERE channel_1.id = anon_2.channel_id AND channel_1.account_id = $1::INTEGER
      LIMIT $2::INTEGER
    ), 'null') ||
      ',"alternatives":[' || (
      SELECT coalesce(string_agg(anon_3.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"value":' || coalesce(CAST(anon_4.value AS TEXT), 'null') ||
          ',"updatedAt":' || coalesce('"' || to_char(timezone('UTC', anon_4.at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
          ',"channel":' || coalesce((
          SELECT '{"address":' || coalesce(CAST(to_json(channel_2.address) AS TEXT), 'null') || '}' AS json
          FROM channel AS channel_2
          WHERE channel_2.id = anon_4.channel_id AND channel_2.account_id = $1::INTEGER
          LIMIT $3::INTEGER
        ), 'null') || '}' AS json
        FROM (
          SELECT channel_3.profile_id AS profile_id, channel_3.id AS channel_id, member.key AS key, member.value AS value, field_patch_1.at AS at, field_patch_1.method AS method, field_patch_1.detail AS detail, row_number() OVER (PARTITION BY channel_3.profile_id, member.key ORDER BY field_patch_1.at DESC, channel_3.created_at, channel_3.id, field_patch_1.id DESC) AS rank
          FROM channel AS channel_3
          JOIN field_patch AS field_patch_1 ON field_patch_1.channel_id = channel_3.id
          JOIN jsonb_each(field_patch_1.fields) AS member ON true
          WHERE channel_3.profile_id = anon_2.profile_id AND channel_3.account_id = $1::INTEGER AND field_patch_1.account_id = $1::INTEGER
        ) AS anon_4
        WHERE anon_4.rank > $4::INTEGER AND anon_4.key = anon_2.key
        ORDER BY anon_4.rank
      ) AS anon_3
    ) || ']}' AS json
    FROM (
      SELECT channel_4.profile_id AS profile_id, channel_4.id AS channel_id, member.key AS key, member.value AS value, field_patch_2.at AS at, field_patch_2.method AS method, field_patch_2.detail AS detail, row_number() OVER (PARTITION BY channel_4.profile_id, member.key ORDER BY field_patch_2.at DESC, channel_4.created_at, channel_4.id, field_patch_2.id DESC) AS rank
      FROM channel AS channel_4
      JOIN field_patch AS field_patch_2 ON field_patch_2.channel_id = channel_4.id
      JOIN jsonb_each(field_patch_2.fields) AS member ON true
      WHERE channel_4.profile_id = profile_1.id AND channel_4.account_id = $1::INTEGER AND field_patch_2.account_id = $1::INTEGER
    ) AS anon_2
    WHERE anon_2.rank = $5::INTEGER
    ORDER BY anon_2.key
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_5
JOIN profile AS profile_1 ON profile_1.id = channel_5.profile_id
WHERE channel_5.kind = $6::VARCHAR AND channel_5.address = $7::VARCHAR AND channel_5.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $8::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = 1
-- $4 = 1
-- $5 = 1
-- $6 = 'EMAIL'
-- $7 = 'ann@example.com'
-- $8 = 1
