SELECT '[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"keyword_' || encode(uuid_send(keyword_1.id), 'hex') ||
      '","word":' || coalesce(CAST(to_json(keyword_1.word) AS TEXT), 'null') ||
      ',"advice":' || ('[' || coalesce(CAST(to_json(keyword_1.welcome) AS TEXT), 'null') || ',' || coalesce(CAST(keyword_1.capture_email AS TEXT), 'null') || ']') || '}' AS json
    FROM keyword AS keyword_1
    WHERE keyword_1.account_id = $1::INTEGER
    ORDER BY keyword_1.word
  ) AS anon_2
) || ']' AS anon_1

-- $1 = the account
