SELECT '{"nodes":[' || coalesce(group_concat('{"id":"import_' || lower(hex(page_1."id")) ||
  '","bytesTotal":' || coalesce(CAST(page_1."bytes_total" AS TEXT), 'null') ||
  ',"columns":' || ('[' || coalesce(CAST(page_1."form" AS TEXT), 'null') || ',' || coalesce(CAST(page_1."options" AS TEXT), 'null') || ']') ||
  ',"advice":' || ('[' || coalesce(CAST(page_1."form" AS TEXT), 'null') || ',' || coalesce(CAST(page_1."options" AS TEXT), 'null') || ']') ||
  ',"problem":' || coalesce((
  SELECT '{"code":' || json_quote(anon_2.code) ||
    ',"message":' || json_quote(anon_2.message) ||
    ',"line":' || coalesce(CAST(anon_2.line AS TEXT), 'null') || '}' AS json
  FROM (
    SELECT page_1."problem_code" AS code, page_1."problem" AS message, page_1."problem_line" AS line
    WHERE page_1."problem_code" IS NOT NULL
  ) AS anon_2
  LIMIT ?1 OFFSET ?2
), 'null') ||
  ',"errorsUrl":' || ('[' || json_quote(nullif(lower(hex(page_1."id")), '')) || ',' || CASE EXISTS (
  SELECT import_mistake_1."row"
  FROM import_mistake AS import_mistake_1
  WHERE import_mistake_1.import_id = page_1."id" AND import_mistake_1.account_id = ?3
) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || ']') ||
  ',"rowErrors":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"row":' || coalesce(CAST(page_2."row" AS TEXT), 'null') ||
    ',"message":' || json_quote(page_2."message") || '}', ',') FILTER (WHERE page_2.n <= ?4), '') ||
    '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_2.found), 0) > ?5 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    ',"endCursor":' || coalesce(max(CASE WHEN (page_2.n = CASE WHEN (page_2.found > ?6) THEN ?7 ELSE page_2.found END AND page_2.n <= ?8) THEN '"7239ee~' || CAST(page_2."row" AS TEXT) || '~' || CAST(page_2."place" AS TEXT) || '"' END), 'null') ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM import_mistake AS import_mistake_2
    WHERE import_mistake_2.import_id = page_1."id" AND import_mistake_2.account_id = ?9
  ) AS TEXT) || '}' AS anon_3
  FROM (
    SELECT anon_4.place AS place, anon_4."row" AS "row", anon_4.message AS message, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT import_mistake_2.place AS place, import_mistake_2."row" AS "row", import_mistake_2.message AS message
      FROM import_mistake AS import_mistake_2
      WHERE import_mistake_2.import_id = page_1."id" AND import_mistake_2.account_id = ?10
      ORDER BY import_mistake_2."row" ASC, import_mistake_2.place ASC
      LIMIT ?11 + ?12 OFFSET ?13
    ) AS anon_4
  ) AS page_2
) || '}', ','), '') ||
  '],"totalCount":' || CAST((
  SELECT count(*) AS count_2
  FROM import AS import_1
  WHERE import_1.account_id = ?14
) AS TEXT) || '}' AS anon_1
FROM (
  SELECT import_1.id AS id, import_1.bytes_total AS bytes_total, import_1.form AS form, import_1.options AS options, import_1.problem_code AS problem_code, import_1.problem AS problem, import_1.problem_line AS problem_line
  FROM import AS import_1
  WHERE import_1.account_id = ?15
  ORDER BY import_1.created_at DESC, import_1.id DESC
  LIMIT ?16 OFFSET ?17
) AS page_1

-- ?3, ?9, ?10, ?14, ?15 = the account
-- ?1 = 1
-- ?2 = 0
-- ?4 = 5
-- ?5 = 5
-- ?6 = 5
-- ?7 = 5
-- ?8 = 5
-- ?11 = 5
-- ?12 = 1
-- ?13 = 0
-- ?16 = 3
-- ?17 = 0
