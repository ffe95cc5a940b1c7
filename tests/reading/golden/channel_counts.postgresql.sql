SELECT '[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || coalesce(CAST(to_json(anon_3.kind) AS TEXT), 'null') ||
      ',"consent":' || coalesce(CAST(to_json(anon_3.consent_status) AS TEXT), 'null') ||
      ',"deliverability":' || coalesce(CAST(to_json(anon_3.deliverability) AS TEXT), 'null') ||
      ',"count":' || coalesce(CAST(anon_3.count AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT channel_1.kind AS kind, channel_1.consent_status AS consent_status, channel_1.deliverability AS deliverability, count(*) AS count
      FROM channel AS channel_1
      WHERE channel_1.account_id = $1::INTEGER
      GROUP BY channel_1.kind, channel_1.consent_status, channel_1.deliverability
      ORDER BY channel_1.kind, channel_1.consent_status, channel_1.deliverability
    ) AS anon_3
  ) AS anon_2
) || ']' AS anon_1

-- $1 = the account

SELECT '[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"key":' || coalesce(CAST(to_json(topic_1.key) AS TEXT), 'null') ||
      ',"name":' || coalesce(CAST(to_json(topic_1.name) AS TEXT), 'null') || '}' AS json
    FROM topic AS topic_1
    WHERE topic_1.account_id = $1::INTEGER
    ORDER BY topic_1.key
  ) AS anon_2
) || ']' AS anon_1

-- $1 = the account
