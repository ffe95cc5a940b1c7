SELECT '{"rowErrors":' || (
  SELECT '{"edges":[' || coalesce(group_concat('{"cursor":"7239ee~' || CAST(page_1."row" AS TEXT) || '~' || CAST(page_1."place" AS TEXT) ||
    '","node":{"row":' || coalesce(CAST(page_1."row" AS TEXT), 'null') ||
    ',"line":' || coalesce(CAST(page_1."line" AS TEXT), 'null') ||
    ',"column":' || json_quote(page_1."column") || '}}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
    '],"pageInfo":{"hasPreviousPage":' || CASE (
    SELECT 1
    FROM import_mistake AS import_mistake_1
    WHERE import_mistake_1.import_id = import_1.id AND (import_mistake_1."row", import_mistake_1.place) <= (?2, ?3) AND import_mistake_1.account_id = ?4
    ORDER BY import_mistake_1."row" ASC, import_mistake_1.place ASC
    LIMIT ?5 OFFSET ?6
  ) IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
  FROM (
    SELECT anon_2.place AS place, anon_2."row" AS "row", anon_2.line AS line, anon_2."column" AS "column", row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT import_mistake_1.place AS place, import_mistake_1."row" AS "row", import_mistake_1.line AS line, import_mistake_1."column" AS "column"
      FROM import_mistake AS import_mistake_1
      WHERE import_mistake_1.import_id = import_1.id AND (import_mistake_1."row", import_mistake_1.place) > (?7, ?8) AND import_mistake_1.account_id = ?9
      ORDER BY import_mistake_1."row" ASC, import_mistake_1.place ASC
      LIMIT ?10 + ?11 OFFSET ?12
    ) AS anon_2
  ) AS page_1
) || '}' AS json
FROM import AS import_1
WHERE import_1.id = ?13 AND import_1.account_id = ?14
LIMIT ?15 OFFSET ?16

-- ?4, ?9, ?14 = the account
-- ?1 = 5
-- ?2 = 2
-- ?3 = 0
-- ?5 = 1
-- ?6 = 0
-- ?7 = 2
-- ?8 = 0
-- ?10 = 5
-- ?11 = 1
-- ?12 = 0
-- ?13 = x'01890a5d000070008000000000000001'
-- ?15 = 1
-- ?16 = 0
