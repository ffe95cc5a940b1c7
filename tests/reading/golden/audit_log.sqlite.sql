SELECT '{"auditLog":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"id":"audit_entry_' || lower(hex(page_1."id")) ||
    '","at":' || coalesce('"' || page_1."at" || '"', 'null') ||
    ',"actor":' || json_quote((
    SELECT fact_1.actor
    FROM fact AS fact_1
    WHERE fact_1.id = page_1."id" AND fact_1.account_id = ?1
  )) ||
    ',"action":' || json_quote((
    SELECT fact_2.name
    FROM fact AS fact_2
    WHERE fact_2.id = page_1."id" AND fact_2.account_id = ?2
  )) ||
    ',"detail":' || coalesce(CAST((
    SELECT fact_3.data
    FROM fact AS fact_3
    WHERE fact_3.id = page_1."id" AND fact_3.account_id = ?3
  ) AS TEXT), 'null') || '}', ',') FILTER (WHERE page_1.n <= ?4), '') ||
    '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?5 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > ?6) THEN ?7 ELSE page_1.found END AND page_1.n <= ?8) THEN '"46303f~' || CAST(page_1."at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM channel AS channel_1
    CROSS JOIN fact_channel AS fact_channel_1 ON 1 = 1
    WHERE fact_channel_1.channel_id = channel_1.id AND NOT (EXISTS (
      SELECT fact_channel_2.id
      FROM fact_channel AS fact_channel_2
      JOIN channel AS channel_2 ON channel_2.id = fact_channel_2.channel_id
      WHERE fact_channel_2.id = fact_channel_1.id AND fact_channel_2.channel_id < fact_channel_1.channel_id AND channel_2.profile_id = channel_1.profile_id AND fact_channel_2.account_id = ?9 AND channel_2.account_id = ?10
    )) AND channel_1.profile_id = profile_1.id AND channel_1.account_id = ?11 AND fact_channel_1.account_id = ?12
  ) AS TEXT) || '}' AS anon_1
  FROM (
    SELECT anon_2.id AS id, anon_2.at AS at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT fact_channel_1.id AS id, fact_channel_1.at AS at
      FROM channel AS channel_1
      CROSS JOIN fact_channel AS fact_channel_1 ON 1 = 1
      WHERE fact_channel_1.channel_id = channel_1.id AND NOT (EXISTS (
        SELECT fact_channel_2.id
        FROM fact_channel AS fact_channel_2
        JOIN channel AS channel_2 ON channel_2.id = fact_channel_2.channel_id
        WHERE fact_channel_2.id = fact_channel_1.id AND fact_channel_2.channel_id < fact_channel_1.channel_id AND channel_2.profile_id = channel_1.profile_id AND fact_channel_2.account_id = ?13 AND channel_2.account_id = ?14
      )) AND channel_1.profile_id = profile_1.id AND (fact_channel_1.at, fact_channel_1.id) >= (
        SELECT anon_3."key", anon_3.id
        FROM (
          SELECT fact_channel_3.at AS "key", fact_channel_3.id AS id
          FROM fact_channel AS fact_channel_3
          WHERE fact_channel_3.channel_id = channel_1.id AND NOT (EXISTS (
            SELECT fact_channel_4.id
            FROM fact_channel AS fact_channel_4
            JOIN channel AS channel_3 ON channel_3.id = fact_channel_4.channel_id
            WHERE fact_channel_4.id = fact_channel_3.id AND fact_channel_4.channel_id < fact_channel_3.channel_id AND channel_3.profile_id = channel_1.profile_id AND fact_channel_4.account_id = ?15 AND channel_3.account_id = ?16
          )) AND (fact_channel_3.at, fact_channel_3.id) < (?17, ?18) AND fact_channel_3.account_id = ?19
          ORDER BY fact_channel_3.at DESC, fact_channel_3.id DESC
          LIMIT ?20 + ?21 OFFSET ?22
        ) AS anon_3
        ORDER BY anon_3."key" ASC, anon_3.id ASC
        LIMIT ?23 OFFSET ?24
      ) AND (fact_channel_1.at, fact_channel_1.id) < (?25, ?26) AND channel_1.account_id = ?27 AND fact_channel_1.account_id = ?28
      ORDER BY fact_channel_1.at DESC, fact_channel_1.id DESC
      LIMIT ?29 + ?30 OFFSET ?31
    ) AS anon_2
  ) AS page_1
) || '}' AS json
FROM channel AS channel_4
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_4.profile_id
WHERE channel_4.home_id = ?32 AND channel_4.account_id = ?33 AND profile_1.account_id = ?34
LIMIT ?35 OFFSET ?36

-- ?1, ?2, ?3, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?19, ?27, ?28, ?33, ?34 = the account
-- ?4 = 3
-- ?5 = 3
-- ?6 = 3
-- ?7 = 3
-- ?8 = 3
-- ?17 = '2024-03-05T09:00:00.000000Z'
-- ?18 = x'000000000000000000000000000000e1'
-- ?20 = 3
-- ?21 = 1
-- ?22 = 0
-- ?23 = 1
-- ?24 = 0
-- ?25 = '2024-03-05T09:00:00.000000Z'
-- ?26 = x'000000000000000000000000000000e1'
-- ?29 = 3
-- ?30 = 1
-- ?31 = 0
-- ?32 = x'000000000000000000000000000000a1'
-- ?35 = 1
-- ?36 = 0
