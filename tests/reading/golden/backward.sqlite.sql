SELECT '{"totalCount":' || CAST((
  SELECT count(*) AS count_1
  FROM profile AS profile_1
  WHERE profile_1.account_id = ?1
) AS TEXT) ||
  ',"pageInfo":{"hasNextPage":' || CASE (
  SELECT 1
  FROM profile AS profile_1
  WHERE (profile_1.created_at, profile_1.id) <= (?2, ?3) AND profile_1.account_id = ?4
  ORDER BY profile_1.created_at ASC, profile_1.id ASC
  LIMIT ?5 OFFSET ?6
) IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE coalesce(max(page_1.found), 0) > ?7 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"startCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > ?8) THEN ?9 ELSE page_1.found END AND page_1.n <= ?10) THEN '"0a1b5e~' || CAST(page_1."created_at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') ||
  ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = 1 AND page_1.n <= ?11) THEN '"0a1b5e~' || CAST(page_1."created_at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') ||
  '},"nodes":[' || coalesce(group_concat('{"engagements":' || (
  SELECT '{"totalCount":' || CAST((
    SELECT count(*) AS count_2
    FROM channel AS channel_1
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_1.id AND channel_1.profile_id = page_1."id" AND channel_1.account_id = ?12 AND engagement_1.account_id = ?13
  ) AS TEXT) ||
    ',"pageInfo":{"hasPreviousPage":' || CASE coalesce(max(page_2.found), 0) > ?14 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    '},"edges":[' || coalesce(group_concat('{"cursor":"70b6fa~' || CAST(page_2."occurred_at" AS TEXT) || '~' || lower(hex(page_2."id")) || '"}', ',') FILTER (WHERE page_2.n <= ?15), '') || ']}' AS anon_2
  FROM (
    SELECT anon_3.id AS id, anon_3.occurred_at AS occurred_at, anon_3.n AS n, anon_3.found AS found
    FROM (
      SELECT anon_4.id AS id, anon_4.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT engagement_1.id AS id, engagement_1.occurred_at AS occurred_at
        FROM channel AS channel_1
        CROSS JOIN engagement AS engagement_1 ON 1 = 1
        WHERE engagement_1.channel_id = channel_1.id AND channel_1.profile_id = page_1."id" AND (engagement_1.occurred_at, engagement_1.id) <= (
          SELECT anon_5."key", anon_5.id
          FROM (
            SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
            FROM engagement AS engagement_2
            WHERE engagement_2.channel_id = channel_1.id AND engagement_2.account_id = ?16
            ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
            LIMIT ?17 + ?18 OFFSET ?19
          ) AS anon_5
          ORDER BY anon_5."key" DESC, anon_5.id DESC
          LIMIT ?20 OFFSET ?21
        ) AND channel_1.account_id = ?22 AND engagement_1.account_id = ?23
        ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
        LIMIT ?24 + ?25 OFFSET ?26
      ) AS anon_4
    ) AS anon_3
    ORDER BY anon_3.n DESC
  ) AS page_2
) || '}', ',') FILTER (WHERE page_1.n <= ?27), '') || ']}' AS anon_1
FROM (
  SELECT anon_6.id AS id, anon_6.created_at AS created_at, anon_6.n AS n, anon_6.found AS found
  FROM (
    SELECT anon_7.id AS id, anon_7.created_at AS created_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT profile_1.id AS id, profile_1.created_at AS created_at
      FROM profile AS profile_1
      WHERE (profile_1.created_at, profile_1.id) > (?28, ?29) AND profile_1.account_id = ?30
      ORDER BY profile_1.created_at ASC, profile_1.id ASC
      LIMIT ?31 + ?32 OFFSET ?33
    ) AS anon_7
  ) AS anon_6
  ORDER BY anon_6.n DESC
) AS page_1

-- ?1, ?4, ?12, ?13, ?16, ?22, ?23, ?30 = the account
-- ?2 = '2024-03-01T00:00:00.000000Z'
-- ?3 = x'01890a5d000070008000000000000001'
-- ?5 = 1
-- ?6 = 0
-- ?7 = 10
-- ?8 = 10
-- ?9 = 10
-- ?10 = 10
-- ?11 = 10
-- ?14 = 3
-- ?15 = 3
-- ?17 = 3
-- ?18 = 1
-- ?19 = 0
-- ?20 = 1
-- ?21 = 0
-- ?24 = 3
-- ?25 = 1
-- ?26 = 0
-- ?27 = 10
-- ?28 = '2024-03-01T00:00:00.000000Z'
-- ?29 = x'01890a5d000070008000000000000001'
-- ?31 = 10
-- ?32 = 1
-- ?33 = 0
