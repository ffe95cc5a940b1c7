SELECT '{"nodes":[' || coalesce(string_agg('{"id":"import_' || encode(uuid_send(page_1."id"), 'hex') ||
  '","bytesTotal":' || coalesce(CAST(page_1."bytes_total" AS TEXT), 'null') ||
  ',"columns":' || ('[' || coalesce(CAST(page_1."form" AS TEXT), 'null') || ',' || coalesce(CAST(page_1."options" AS TEXT), 'null') || ']') ||
  ',"advice":' || ('[' || coalesce(CAST(page_1."form" AS TEXT), 'null') || ',' || coalesce(CAST(page_1."options" AS TEXT), 'null') || ']') ||
  ',"problem":' || coalesce((
  SELECT '{"code":' || coalesce(CAST(to_json(anon_2.code) AS TEXT), 'null') ||
    ',"message":' || coalesce(CAST(to_json(anon_2.message) AS TEXT), 'null') ||
    ',"line":' || coalesce(CAST(anon_2.line AS TEXT), 'null') || '}' AS json
  FROM (
    SELECT page_1."problem_code" AS code, page_1."problem" AS message, page_1."problem_line" AS line
    WHERE page_1."problem_code" IS NOT NULL
  ) AS anon_2
  LIMIT $1::INTEGER
), 'null') ||
  ',"errorsUrl":' || ('[' || coalesce('"' || encode(uuid_send(page_1."id"), 'hex') || '"', 'null') || ',' || coalesce(CAST(EXISTS (
  SELECT import_mistake_1.row
  FROM import_mistake AS import_mistake_1
  WHERE import_mistake_1.import_id = page_1."id" AND import_mistake_1.account_id = $2::INTEGER
) AS TEXT), 'null') || ']') ||
  ',"rowErrors":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"row":' || coalesce(CAST(page_2."row" AS TEXT), 'null') ||
    ',"message":' || coalesce(CAST(to_json(page_2."message") AS TEXT), 'null') || '}', ',') FILTER (WHERE page_2.n <= $3::INTEGER), '') ||
    '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_2.found), 0) > $3::INTEGER AS TEXT), 'null') ||
    ',"endCursor":' || coalesce(max(CASE WHEN (page_2.n = CASE WHEN (page_2.found > $3::INTEGER) THEN $3::INTEGER ELSE page_2.found END AND page_2.n <= $3::INTEGER) THEN '"7239ee~' || CAST(page_2."row" AS TEXT) || '~' || CAST(page_2."place" AS TEXT) || '"' END), 'null') ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM import_mistake AS import_mistake_2
    WHERE import_mistake_2.import_id = page_1."id" AND import_mistake_2.account_id = $2::INTEGER
  ) AS TEXT) || '}' AS anon_3
  FROM (
    SELECT anon_4.place AS place, anon_4.row AS row, anon_4.message AS message, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT import_mistake_2.place AS place, import_mistake_2.row AS row, import_mistake_2.message AS message
      FROM import_mistake AS import_mistake_2
      WHERE import_mistake_2.import_id = page_1."id" AND import_mistake_2.account_id = $2::INTEGER
      ORDER BY import_mistake_2.row ASC, import_mistake_2.place ASC
      LIMIT $3::INTEGER + $4::INTEGER
    ) AS anon_4
  ) AS page_2
) || '}', ','), '') ||
  '],"totalCount":' || CAST((
  SELECT count(*) AS count_2
  FROM import AS import_1
  WHERE import_1.account_id = $2::INTEGER
) AS TEXT) || '}' AS anon_1
FROM (
  SELECT import_1.id AS id, import_1.bytes_total AS bytes_total, import_1.form AS form, import_1.options AS options, import_1.problem_code AS problem_code, import_1.problem AS problem, import_1.problem_line AS problem_line
  FROM import AS import_1
  WHERE import_1.account_id = $2::INTEGER
  ORDER BY import_1.created_at DESC, import_1.id DESC
  LIMIT $5::INTEGER
) AS page_1

-- $2 = the account
-- $1 = 1
-- $3 = 5
-- $4 = 1
-- $5 = 3
