SELECT '{"totalCount":' || CAST((
  SELECT count(*) AS count_1
  FROM profile AS profile_1
  WHERE profile_1.account_id = ?1
) AS TEXT) ||
  ',"pageInfo":{"hasNextPage":' || CASE (
  SELECT EXISTS (
    SELECT 1
    FROM profile AS profile_1
    WHERE (profile_1.created_at, profile_1.id) <= (?2, ?3) AND profile_1.account_id = ?4
  ) AS anon_2
) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"hasPreviousPage":' || CASE coalesce(max(page_1.found), 0) > ?5 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
  ',"startCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > ?6) THEN ?7 ELSE page_1.found END AND page_1.n <= ?8) THEN '"' || CAST(page_1."created_at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') ||
  ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = 1 AND page_1.n <= ?9) THEN '"' || CAST(page_1."created_at" AS TEXT) || '~' || lower(hex(page_1."id")) || '"' END), 'null') ||
  '},"nodes":[' || coalesce(group_concat('{"engagements":' || (
  SELECT '{"totalCount":' || CAST((
    SELECT count(*) AS count_2
    FROM channel AS channel_1
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_1.id AND channel_1.profile_id = page_1."id" AND channel_1.account_id = ?10 AND engagement_1.account_id = ?11
  ) AS TEXT) ||
    ',"pageInfo":{"hasPreviousPage":' || CASE coalesce(max(page_2.found), 0) > ?12 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    '},"edges":[' || coalesce(group_concat('{"cursor":"' || CAST(page_2."occurred_at" AS TEXT) || '~' || lower(hex(page_2."id")) || '"}', ',') FILTER (WHERE page_2.n <= ?13), '') || ']}' AS anon_3
  FROM (
    SELECT anon_4.id AS id, anon_4.occurred_at AS occurred_at, anon_4.n AS n, anon_4.found AS found
    FROM (
      SELECT anon_5.id AS id, anon_5.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT engagement_1.id AS id, engagement_1.occurred_at AS occurred_at
        FROM channel AS channel_1
        CROSS JOIN engagement AS engagement_1 ON 1 = 1
        WHERE engagement_1.channel_id = channel_1.id AND channel_1.profile_id = page_1."id" AND (engagement_1.occurred_at, engagement_1.id) <= (
          SELECT anon_6."key", anon_6.id
          FROM (
            SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
            FROM engagement AS engagement_2
            WHERE engagement_2.channel_id = channel_1.id AND engagement_2.account_id = ?14
            ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
            LIMIT ?15 + ?16 OFFSET ?17
          ) AS anon_6
          ORDER BY anon_6."key" DESC, anon_6.id DESC
          LIMIT ?18 OFFSET ?19
        ) AND channel_1.account_id = ?20 AND engagement_1.account_id = ?21
        ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
        LIMIT ?22 + ?23 OFFSET ?24
      ) AS anon_5
    ) AS anon_4
    ORDER BY anon_4.n DESC
  ) AS page_2
) || '}', ',') FILTER (WHERE page_1.n <= ?25), '') || ']}' AS anon_1
FROM (
  SELECT anon_7.id AS id, anon_7.created_at AS created_at, anon_7.n AS n, anon_7.found AS found
  FROM (
    SELECT anon_8.id AS id, anon_8.created_at AS created_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT profile_1.id AS id, profile_1.created_at AS created_at
      FROM profile AS profile_1
      WHERE (profile_1.created_at, profile_1.id) > (?26, ?27) AND profile_1.account_id = ?28
      ORDER BY profile_1.created_at ASC, profile_1.id ASC
      LIMIT ?29 + ?30 OFFSET ?31
    ) AS anon_8
  ) AS anon_7
  ORDER BY anon_7.n DESC
) AS page_1

-- ?1, ?4, ?10, ?11, ?14, ?20, ?21, ?28 = the account
-- ?2 = '2024-03-01T00:00:00.000000Z'
-- ?3 = x'01890a5d000070008000000000000001'
-- ?5 = 10
-- ?6 = 10
-- ?7 = 10
-- ?8 = 10
-- ?9 = 10
-- ?12 = 3
-- ?13 = 3
-- ?15 = 3
-- ?16 = 1
-- ?17 = 0
-- ?18 = 1
-- ?19 = 0
-- ?22 = 3
-- ?23 = 1
-- ?24 = 0
-- ?25 = 10
-- ?26 = '2024-03-01T00:00:00.000000Z'
-- ?27 = x'01890a5d000070008000000000000001'
-- ?29 = 10
-- ?30 = 1
-- ?31 = 0
