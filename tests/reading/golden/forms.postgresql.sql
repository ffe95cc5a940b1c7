SELECT '[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"form_' || encode(uuid_send(form_1.id), 'hex') ||
      '","name":' || coalesce(CAST(to_json(form_1.name) AS TEXT), 'null') ||
      ',"fields":[' || (
      SELECT coalesce(string_agg(anon_3.json, ','), '') AS coalesce_2
      FROM (
        SELECT '{"key":' || coalesce(CAST(to_json(anon_4.key) AS TEXT), 'null') ||
          ',"label":' || coalesce(CAST(to_json(anon_4.label) AS TEXT), 'null') ||
          ',"required":' || coalesce(CAST(anon_4.required AS TEXT), 'null') ||
          ',"consent":' || coalesce((
          SELECT '{"channelKind":' || coalesce(CAST(to_json(anon_5.channel_kind) AS TEXT), 'null') ||
            ',"disclosure":' || coalesce(CAST(to_json(anon_5.disclosure) AS TEXT), 'null') || '}' AS json
          FROM (
            SELECT anon_4.channel_kind AS channel_kind, anon_4.disclosure AS disclosure
            WHERE anon_4.channel_kind IS NOT NULL
          ) AS anon_5
          LIMIT $1::INTEGER
        ), 'null') || '}' AS json
        FROM (
          SELECT CASE jsonb_typeof(field.value -> 'key') WHEN 'string' THEN field.value ->> 'key' END AS key, CASE jsonb_typeof(field.value -> 'label') WHEN 'string' THEN field.value ->> 'label' END AS label, coalesce(field.value -> 'required' = 'true', false) AS required, CASE jsonb_typeof(field.value -> 'channel_kind') WHEN 'string' THEN field.value ->> 'channel_kind' END AS channel_kind, CASE jsonb_typeof(field.value -> 'disclosure') WHEN 'string' THEN field.value ->> 'disclosure' END AS disclosure, field.key AS place
          FROM (
            SELECT place AS key, value
            FROM jsonb_array_elements(form_1.fields) WITH ORDINALITY AS each (value, place)
          ) AS field
        ) AS anon_4
        ORDER BY anon_4.place
      ) AS anon_3
    ) ||
      '],"advice":' || ('[' || coalesce(CAST(form_1.fields AS TEXT), 'null') || ']') ||
      ',"url":' || ('[' || coalesce('"' || encode(uuid_send(form_1.id), 'hex') || '"', 'null') || ']') || '}' AS json
    FROM form AS form_1
    WHERE form_1.account_id = $2::INTEGER
    ORDER BY form_1.created_at, form_1.id
  ) AS anon_2
) || ']' AS anon_1

-- $2 = the account
-- $1 = 1

SELECT '{"channels":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"formUrl":' || ('[' || coalesce('"' || encode(uuid_send(channel_1.id), 'hex') || '"', 'null') || ',' || coalesce(CAST(to_json(CAST($1 AS VARCHAR)) AS TEXT), 'null') || ']') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = $2::INTEGER
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
JOIN profile AS profile_1 ON profile_1.id = channel_2.profile_id
WHERE channel_2.kind = $3::VARCHAR AND channel_2.address = $4::VARCHAR AND channel_2.account_id = $2::INTEGER AND profile_1.account_id = $2::INTEGER
LIMIT $5::INTEGER

-- $2 = the account
-- $1 = 'form_000000000000000000000000000000f1'
-- $3 = 'EMAIL'
-- $4 = 'ann@example.com'
-- $5 = 1
