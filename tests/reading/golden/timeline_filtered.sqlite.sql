SELECT '{"engagements":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_1."kind") || '}', ',') FILTER (WHERE page_1.n <= ?1), '') ||
    '],"pageInfo":{"hasNextPage":' || CASE (
    SELECT EXISTS (
      SELECT 1
      FROM channel AS channel_1
      CROSS JOIN engagement AS engagement_1 ON 1 = 1
      WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
        SELECT value
        FROM json_each(?2)
      ) AND instr(lower(engagement_1.url), lower(?3)) > 0 AND engagement_1.occurred_at > ?4 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?5 AND (engagement_1.occurred_at, engagement_1.id) <= (?6, ?7) AND channel_1.account_id = ?8 AND engagement_1.account_id = ?9
    ) AS anon_2
  ) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM channel AS channel_1
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
      SELECT value
      FROM json_each(?10)
    ) AND instr(lower(engagement_1.url), lower(?11)) > 0 AND engagement_1.occurred_at > ?12 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?13 AND channel_1.account_id = ?14 AND engagement_1.account_id = ?15
  ) AS TEXT) || '}' AS anon_1
  FROM (
    SELECT anon_3.id AS id, anon_3.kind AS kind, anon_3.n AS n, anon_3.found AS found
    FROM (
      SELECT anon_4.id AS id, anon_4.kind AS kind, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT engagement_1.id AS id, engagement_1.kind AS kind
        FROM channel AS channel_1
        CROSS JOIN engagement AS engagement_1 ON 1 = 1
        WHERE engagement_1.channel_id = channel_1.id AND +engagement_1.kind IN (
          SELECT value
          FROM json_each(?16)
        ) AND instr(lower(engagement_1.url), lower(?17)) > 0 AND engagement_1.occurred_at > ?18 AND channel_1.profile_id = profile_1.id AND channel_1.kind = ?19 AND (engagement_1.occurred_at, engagement_1.id) <= (
          SELECT anon_5."key", anon_5.id
          FROM (
            SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
            FROM engagement AS engagement_2
            WHERE engagement_2.channel_id = channel_1.id AND +engagement_2.kind IN (
              SELECT value
              FROM json_each(?20)
            ) AND instr(lower(engagement_2.url), lower(?21)) > 0 AND engagement_2.occurred_at > ?22 AND (engagement_2.occurred_at, engagement_2.id) > (?23, ?24) AND engagement_2.account_id = ?25
            ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
            LIMIT ?26 + ?27 OFFSET ?28
          ) AS anon_5
          ORDER BY anon_5."key" DESC, anon_5.id DESC
          LIMIT ?29 OFFSET ?30
        ) AND (engagement_1.occurred_at, engagement_1.id) > (?31, ?32) AND channel_1.account_id = ?33 AND engagement_1.account_id = ?34
        ORDER BY engagement_1.occurred_at ASC, engagement_1.id ASC
        LIMIT ?35 + ?36 OFFSET ?37
      ) AS anon_4
    ) AS anon_3
    ORDER BY anon_3.n DESC
  ) AS page_1
) ||
  ',"email":' || coalesce((
  SELECT '{"engagements":' || (
    SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_2."kind") || '}', ','), '') || ']}' AS anon_6
    FROM (
      SELECT engagement_3.id AS id, engagement_3.kind AS kind
      FROM engagement AS engagement_3
      WHERE engagement_3.channel_id = channel_2.id AND +engagement_3.kind IN (
        SELECT value
        FROM json_each(?38)
      ) AND engagement_3.name = ?39 AND instr(lower(engagement_3.text), lower(?40)) > 0 AND engagement_3.account_id = ?41
      ORDER BY engagement_3.occurred_at DESC, engagement_3.id DESC
      LIMIT 20 OFFSET ?42
    ) AS page_2
  ) || '}' AS json
  FROM channel AS channel_2
  WHERE channel_2.id = profile_1.email_channel_id AND channel_2.account_id = ?43
  LIMIT ?44 OFFSET ?45
), 'null') || '}' AS json
FROM channel AS channel_3
CROSS JOIN profile AS profile_1 ON profile_1.id = channel_3.profile_id
WHERE channel_3.home_id = ?46 AND channel_3.account_id = ?47 AND profile_1.account_id = ?48
LIMIT ?49 OFFSET ?50

-- ?8, ?9, ?14, ?15, ?25, ?33, ?34, ?41, ?43, ?47, ?48 = the account
-- ?1 = 5
-- ?2 = '["CLICK"]'
-- ?3 = 'Sale'
-- ?4 = '2024-02-01T00:00:00.000000Z'
-- ?5 = 'SMS'
-- ?6 = '2024-03-01T00:00:00.000000Z'
-- ?7 = x'01890a5d000070008000000000000001'
-- ?10 = '["CLICK"]'
-- ?11 = 'Sale'
-- ?12 = '2024-02-01T00:00:00.000000Z'
-- ?13 = 'SMS'
-- ?16 = '["CLICK"]'
-- ?17 = 'Sale'
-- ?18 = '2024-02-01T00:00:00.000000Z'
-- ?19 = 'SMS'
-- ?20 = '["CLICK"]'
-- ?21 = 'Sale'
-- ?22 = '2024-02-01T00:00:00.000000Z'
-- ?23 = '2024-03-01T00:00:00.000000Z'
-- ?24 = x'01890a5d000070008000000000000001'
-- ?26 = 5
-- ?27 = 1
-- ?28 = 0
-- ?29 = 1
-- ?30 = 0
-- ?31 = '2024-03-01T00:00:00.000000Z'
-- ?32 = x'01890a5d000070008000000000000001'
-- ?35 = 5
-- ?36 = 1
-- ?37 = 0
-- ?38 = '["CLICK"]'
-- ?39 = 'seen'
-- ?40 = 'yes'
-- ?42 = 0
-- ?44 = 1
-- ?45 = 0
-- ?46 = x'01890a5d000070008000000000000001'
-- ?49 = 1
-- ?50 = 0
