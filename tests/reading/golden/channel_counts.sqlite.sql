SELECT '[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"kind":' || json_quote(anon_3.kind) ||
      ',"consent":' || json_quote(anon_3.consent_status) ||
      ',"deliverability":' || json_quote(anon_3.deliverability) ||
      ',"count":' || coalesce(CAST(anon_3.count AS TEXT), 'null') || '}' AS json
    FROM (
      SELECT channel_1.kind AS kind, channel_1.consent_status AS consent_status, channel_1.deliverability AS deliverability, count(*) AS count
      FROM channel AS channel_1
      WHERE channel_1.account_id = ?1
      GROUP BY channel_1.kind, channel_1.consent_status, channel_1.deliverability
      ORDER BY channel_1.kind, channel_1.consent_status, channel_1.deliverability
    ) AS anon_3
  ) AS anon_2
) || ']' AS anon_1

-- ?1 = the account

SELECT '[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"key":' || json_quote(topic_1."key") ||
      ',"name":' || json_quote(topic_1.name) || '}' AS json
    FROM topic AS topic_1
    WHERE topic_1.account_id = ?1
    ORDER BY topic_1."key"
  ) AS anon_2
) || ']' AS anon_1

-- ?1 = the account
