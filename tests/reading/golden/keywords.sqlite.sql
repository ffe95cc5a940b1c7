SELECT '[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"id":"keyword_' || lower(hex(keyword_1.id)) ||
      '","word":' || json_quote(keyword_1.word) ||
      ',"advice":' || ('[' || json_quote(keyword_1.welcome) || ',' || CASE keyword_1.capture_email WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || ']') || '}' AS json
    FROM keyword AS keyword_1
    WHERE keyword_1.account_id = ?1
    ORDER BY keyword_1.word
  ) AS anon_2
) || ']' AS anon_1

-- ?1 = the account
