SELECT '{"rowErrors":' || (
  SELECT '{"edges":[' || coalesce(string_agg('{"cursor":"7239ee~' || CAST(page_1."row" AS TEXT) || '~' || CAST(page_1."place" AS TEXT) ||
    '","node":{"row":' || coalesce(CAST(page_1."row" AS TEXT), 'null') ||
    ',"line":' || coalesce(CAST(page_1."line" AS TEXT), 'null') ||
    ',"column":' || coalesce(CAST(to_json(page_1."column") AS TEXT), 'null') || '}}', ',') FILTER (WHERE page_1.n <= $1::INTEGER), '') ||
    '],"pageInfo":{"hasPreviousPage":' || coalesce(CAST((
    SELECT 1
    FROM import_mistake AS import_mistake_1
    WHERE import_mistake_1.import_id = import_1.id AND (import_mistake_1.row, import_mistake_1.place) <= ($2::INTEGER, $3::INTEGER) AND import_mistake_1.account_id = $4::INTEGER
    ORDER BY import_mistake_1.row ASC, import_mistake_1.place ASC
    LIMIT $5::INTEGER
  ) IS NOT NULL AS TEXT), 'null') || '}}' AS anon_1
  FROM (
    SELECT anon_2.place AS place, anon_2.row AS row, anon_2.line AS line, anon_2."column" AS "column", row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT import_mistake_1.place AS place, import_mistake_1.row AS row, import_mistake_1.line AS line, import_mistake_1."column" AS "column"
      FROM import_mistake AS import_mistake_1
      WHERE import_mistake_1.import_id = import_1.id AND (import_mistake_1.row, import_mistake_1.place) > ($6::INTEGER, $7::INTEGER) AND import_mistake_1.account_id = $4::INTEGER
      ORDER BY import_mistake_1.row ASC, import_mistake_1.place ASC
      LIMIT $1::INTEGER + $8::INTEGER
    ) AS anon_2
  ) AS page_1
) || '}' AS json
FROM import AS import_1
WHERE import_1.id = $9::UUID AND import_1.account_id = $4::INTEGER
LIMIT $10::INTEGER

-- $4 = the account
-- $1 = 5
-- $2 = 2
-- $3 = 0
-- $5 = 1
-- $6 = 2
-- $7 = 0
-- $8 = 1
-- $9 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $10 = 1
