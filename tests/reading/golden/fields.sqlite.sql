SELECT '{"customFields":' || coalesce(CAST(profile_1.custom_fields AS TEXT), 'null') ||
  ',"fields":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"key":' || json_quote(anon_2."key") ||
      ',"value":' || coalesce(CAST(anon_2.value AS TEXT), 'null') ||
      ',"source":{"method":' || json_quote(anon_2.method) ||
      ',"detail":' || json_quote(anon_2.detail) ||
      ',"at":' || coalesce('"' || anon_2.at || '"', 'null') ||
      '},"channel":' || coalesce((
      SELECT '{"address":' || json_quote(channel_1.address) || '}' AS json
      FROM channel AS channel_1
      WHERE channel_1.id = anon_2.channel_id AND channel_1.account_id = ?1
      LIMIT ?2 OFFSET ?3
    ), 'null') ||
      ',"alternatives":[' || (
      SELECT coalesce(group_concat(anon_3.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"value":' || coalesce(CAST(anon_4.value AS TEXT), 'null') ||
          ',"updatedAt":' || coalesce('"' || anon_4.at || '"', 'null') ||
          ',"channel":' || coalesce((
          SELECT '{"address":' || json_quote(channel_2.address) || '}' AS json
          FROM channel AS channel_2
          WHERE channel_2.id = anon_4.channel_id AND channel_2.account_id = ?4
          LIMIT ?5 OFFSET ?6
        ), 'null') || '}' AS json
        FROM (
          SELECT channel_3.profile_id AS profile_id, channel_3.id AS channel_id, member."key" AS "key", CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'real' THEN json_float(member.value) WHEN 'integer' THEN CAST(member.value AS TEXT) WHEN 'object' THEN member.value WHEN 'array' THEN member.value ELSE member.type END AS value, field_patch_1.at AS at, field_patch_1.method AS method, field_patch_1.detail AS detail, row_number() OVER (PARTITION BY channel_3.profile_id, member."key" ORDER BY field_patch_1.at DESC, channel_3.created_at, channel_3.id, field_patch_1.id DESC) AS rank
          FROM channel AS channel_3
          CROSS JOIN field_patch AS field_patch_1 ON field_patch_1.channel_id = channel_3.id
          CROSS JOIN json_each(field_patch_1.fields) AS member ON 1 = 1
          WHERE channel_3.profile_id = anon_2.profile_id AND channel_3.account_id = ?7 AND field_patch_1.account_id = ?8
        ) AS anon_4
        WHERE anon_4.rank > ?9 AND anon_4."key" = anon_2."key"
        ORDER BY anon_4.rank
      ) AS anon_3
    ) || ']}' AS json
    FROM (
      SELECT channel_4.profile_id AS profile_id, channel_4.id AS channel_id, member."key" AS "key", CASE member.type WHEN 'text' THEN json_quote(member.value) WHEN 'real' THEN json_float(member.value) WHEN 'integer' THEN CAST(member.value AS TEXT) WHEN 'object' THEN member.value WHEN 'array' THEN member.value ELSE member.type END AS value, field_patch_2.at AS at, field_patch_2.method AS method, field_patch_2.detail AS detail, row_number() OVER (PARTITION BY channel_4.profile_id, member."key" ORDER BY field_patch_2.at DESC, channel_4.created_at, channel_4.id, field_patch_2.id DESC) AS rank
      FROM channel AS channel_4
      CROSS JOIN field_patch AS field_patch_2 ON field_patch_2.channel_id = channel_4.id
      CROSS JOIN json_each(field_patch_2.fields) AS member ON 1 = 1
      WHERE channel_4.profile_id = profile_1.id AND channel_4.account_id = ?10 AND field_patch_2.account_id = ?11
    ) AS anon_2
    WHERE anon_2.rank = ?12
    ORDER BY anon_2."key"
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_5
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_5.profile_id
WHERE channel_5.kind = ?13 AND channel_5.address = ?14 AND channel_5.account_id = ?15 AND profile_1.account_id = ?16
LIMIT ?17 OFFSET ?18

-- ?1, ?4, ?7, ?8, ?10, ?11, ?15, ?16 = the account
-- ?2 = 1
-- ?3 = 0
-- ?5 = 1
-- ?6 = 0
-- ?9 = 1
-- ?12 = 1
-- ?13 = 'EMAIL'
-- ?14 = 'ann@example.com'
-- ?17 = 1
-- ?18 = 0
