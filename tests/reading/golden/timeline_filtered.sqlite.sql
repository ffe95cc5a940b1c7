SELECT '{"engagements":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_1."kind") || '}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
    '],"pageInfo":{"hasNextPage":' || CASE (
    SELECT 1
    FROM channel AS channel_1
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
      SELECT value
      FROM json_each(?2)
    ) AND instr(lower(engagement_1.url), lower(?3)) > 0 AND engagement_1.occurred_at > ?4 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?5 AND (engagement_1.occurred_at, engagement_1.id) <= (?6, ?7) AND channel_1.account_id = ?8 AND engagement_1.account_id = ?9
    LIMIT ?10 OFFSET ?11
  ) IS NOT NULL WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM channel AS channel_1
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
      SELECT value
      FROM json_each(?12)
    ) AND instr(lower(engagement_1.url), lower(?13)) > 0 AND engagement_1.occurred_at > ?14 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?15 AND channel_1.account_id = ?16 AND engagement_1.account_id = ?17
  ) AS TEXT) || '}' AS anon_1
  FROM (
    SELECT anon_2.id AS id, anon_2.kind AS kind, anon_2.n AS n, anon_2.found AS found
    FROM (
      SELECT anon_3.id AS id, anon_3.kind AS kind, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT engagement_1.id AS id, engagement_1.kind AS kind
        FROM channel AS channel_1
        CROSS JOIN engagement AS engagement_1 ON 1 = 1
        WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
          SELECT value
          FROM json_each(?18)
        ) AND instr(lower(engagement_1.url), lower(?19)) > 0 AND engagement_1.occurred_at > ?20 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?21 AND (engagement_1.occurred_at, engagement_1.id) <= (
          SELECT anon_4."key", anon_4.id
          FROM (
            SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
            FROM engagement AS engagement_2
            WHERE engagement_2.channel_id = channel_1.id AND +engagement_2.kind IN (
              SELECT value
              FROM json_each(?22)
            ) AND instr(lower(engagement_2.url), lower(?23)) > 0 AND engagement_2.occurred_at > ?24 AND (engagement_2.occurred_at, engagement_2.id) > (?25, ?26) AND engagement_2.account_id = ?27
            ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
            LIMIT ?28 + ?29 OFFSET ?30
          ) AS anon_4
          ORDER BY anon_4."key" DESC, anon_4.id DESC
          LIMIT ?31 OFFSET ?32
        ) AND (engagement_1.occurred_at, engagement_1.id) > (?33, ?34) AND channel_1.account_id = ?35 AND engagement_1.account_id = ?36
        ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
        LIMIT ?37 + ?38 OFFSET ?39
      ) AS anon_3
    ) AS anon_2
    ORDER BY anon_2.n DESC
  ) AS page_1
) ||
  ',"email":' || coalesce((
  SELECT '{"engagements":' || (
    SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_2."kind") || '}', ','), '') || ']}' AS anon_5
    FROM (
      SELECT engagement_3.id AS id, engagement_3.kind AS kind
      FROM engagement AS engagement_3
      WHERE engagement_3.channel_id = channel_2.id AND +engagement_3.kind IN (
        SELECT value
        FROM json_each(?40)
      ) AND engagement_3.name = ?41 AND instr(lower(engagement_3.text), lower(?42)) > 0 AND engagement_3.account_id = ?43
      ORDER BY engagement_3.occurred_at DESC, engagement_3.id DESC
      LIMIT 20 OFFSET ?44
    ) AS page_2
  ) || '}' AS json
  FROM channel AS channel_2
  WHERE channel_2.id = profile_1.email_channel_id AND channel_2.account_id = ?45
  LIMIT ?46 OFFSET ?47
), 'null') || '}' AS json
FROM channel AS channel_3
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_3.profile_id
WHERE channel_3.home_id = ?48 AND channel_3.account_id = ?49 AND profile_1.account_id = ?50
LIMIT ?51 OFFSET ?52

-- ?8, ?9, ?16, ?17, ?27, ?35, ?36, ?43, ?45, ?49, ?50 = the account
-- ?1 = 5
-- ?2 = '["CLICK"]'
-- ?3 = 'Sale'
-- ?4 = '2024-02-01T00:00:00.000000Z'
-- ?5 = 'SMS'
-- ?6 = '2024-03-01T00:00:00.000000Z'
-- ?7 = x'01890a5d000070008000000000000001'
-- ?10 = 1
-- ?11 = 0
-- ?12 = '["CLICK"]'
-- ?13 = 'Sale'
-- ?14 = '2024-02-01T00:00:00.000000Z'
-- ?15 = 'SMS'
-- ?18 = '["CLICK"]'
-- ?19 = 'Sale'
-- ?20 = '2024-02-01T00:00:00.000000Z'
-- ?21 = 'SMS'
-- ?22 = '["CLICK"]'
-- ?23 = 'Sale'
-- ?24 = '2024-02-01T00:00:00.000000Z'
-- ?25 = '2024-03-01T00:00:00.000000Z'
-- ?26 = x'01890a5d000070008000000000000001'
-- ?28 = 5
-- ?29 = 1
-- ?30 = 0
-- ?31 = 1
-- ?32 = 0
-- ?33 = '2024-03-01T00:00:00.000000Z'
-- ?34 = x'01890a5d000070008000000000000001'
-- ?37 = 5
-- ?38 = 1
-- ?39 = 0
-- ?40 = '["CLICK"]'
-- ?41 = 'seen'
-- ?42 = 'yes'
-- ?44 = 0
-- ?46 = 1
-- ?47 = 0
-- ?48 = x'01890a5d000070008000000000000001'
-- ?51 = 1
-- ?52 = 0
