SELECT '[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"form_' || lower(hex(form_1.id)) ||
      '","name":' || json_quote(form_1.name) ||
      ',"fields":[' || (
      SELECT coalesce(group_concat(anon_3.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"key":' || json_quote(anon_4."key") ||
          ',"label":' || json_quote(anon_4.label) ||
          ',"required":' || CASE anon_4.required WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
          ',"consent":' || coalesce((
          SELECT '{"channelKind":' || json_quote(anon_5.channel_kind) ||
            ',"disclosure":' || json_quote(anon_5.disclosure) || '}' AS json
          FROM (
            SELECT anon_4.channel_kind AS channel_kind, anon_4.disclosure AS disclosure
            WHERE anon_4.channel_kind IS NOT NULL
          ) AS anon_5
          LIMIT ?1 OFFSET ?2
        ), 'null') || '}' AS json
        FROM (
          SELECT CASE json_type(field.value, '$.key') WHEN 'text' THEN json_extract(field.value, '$.key') END AS "key", CASE json_type(field.value, '$.label') WHEN 'text' THEN json_extract(field.value, '$.label') END AS label, coalesce(json_extract(field.value, '$.required'), 0) AS required, CASE json_type(field.value, '$.channel_kind') WHEN 'text' THEN json_extract(field.value, '$.channel_kind') END AS channel_kind, CASE json_type(field.value, '$.disclosure') WHEN 'text' THEN json_extract(field.value, '$.disclosure') END AS disclosure, field."key" AS place
          FROM json_each(form_1.fields) AS field
        ) AS anon_4
        ORDER BY anon_4.place
      ) AS anon_3
    ) ||
      '],"advice":' || ('[' || coalesce(CAST(form_1.fields AS TEXT), 'null') || ']') ||
      ',"url":' || ('[' || json_quote(nullif(lower(hex(form_1.id)), '')) || ']') || '}' AS json
    FROM form AS form_1
    WHERE form_1.account_id = ?3
    ORDER BY form_1.created_at, form_1.id
  ) AS anon_2
) || ']' AS anon_1

-- ?3 = the account
-- ?1 = 1
-- ?2 = 0

SELECT '{"channels":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"formUrl":' || ('[' || json_quote(nullif(lower(hex(channel_1.id)), '')) || ',' || json_quote(CAST(?1 AS VARCHAR)) || ']') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = ?2
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.kind = ?3 AND channel_2.address = ?4 AND channel_2.account_id = ?5 AND profile_1.account_id = ?6
LIMIT ?7 OFFSET ?8

-- ?2, ?5, ?6 = the account
-- ?1 = 'form_000000000000000000000000000000f1'
-- ?3 = 'EMAIL'
-- ?4 = 'ann@example.com'
-- ?7 = 1
-- ?8 = 0
