SELECT '{"edges":[' || coalesce(group_concat('{"cursor":"430aab~' || CAST(page_1."updated_at" AS TEXT) || '~' || lower(hex(page_1."id")) ||
  '","node":{"displayName":' || json_quote(page_1."display_name") ||
  ',"channels":[' || (
  SELECT coalesce(group_concat(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"address":' || json_quote(channel_1.address) || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = page_1."id" AND channel_1.kind = ?1 AND channel_1.account_id = ?2
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_2
) ||
  '],"engagements":' || (
  SELECT '{"nodes":[' || coalesce(group_concat('{"kind":' || json_quote(page_2."kind") ||
    ',"occurredAt":' || coalesce('"' || page_2."occurred_at" || '"', 'null') || '}', ','), '') || ']}' AS anon_3
  FROM (
    SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at
    FROM channel AS channel_2
    CROSS JOIN engagement AS engagement_1 ON 1 = 1
    WHERE engagement_1.channel_id = channel_2.id AND channel_2.profile_id = page_1."id" AND (engagement_1.occurred_at, engagement_1.id) >= (
      SELECT anon_4."key", anon_4.id
      FROM (
        SELECT engagement_2.occurred_at AS "key", engagement_2.id AS id
        FROM engagement AS engagement_2
        WHERE engagement_2.channel_id = channel_2.id AND engagement_2.account_id = ?3
        ORDER BY engagement_2.occurred_at DESC, engagement_2.id DESC
        LIMIT ?4 OFFSET ?5
      ) AS anon_4
      ORDER BY anon_4."key" ASC, anon_4.id ASC
      LIMIT ?6 OFFSET ?7
    ) AND channel_2.account_id = ?8 AND engagement_1.account_id = ?9
    ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
    LIMIT ?10 OFFSET ?11
  ) AS page_2
) || '}}', ',') FILTER (WHERE page_1.n <= ?12), '') ||
  '],"pageInfo":{"hasNextPage":' || CASE coalesce(max(page_1.found), 0) > ?13 WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}}' AS anon_1
FROM (
  SELECT anon_5.id AS id, anon_5.updated_at AS updated_at, anon_5.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.updated_at AS updated_at, profile_1.display_name AS display_name
    FROM profile AS profile_1
    WHERE (profile_1.updated_at, profile_1.id) < (?14, ?15) AND profile_1.account_id = ?16
    ORDER BY profile_1.updated_at DESC, profile_1.id DESC
    LIMIT ?17 + ?18 OFFSET ?19
  ) AS anon_5
) AS page_1

-- ?2, ?3, ?8, ?9, ?16 = the account
-- ?1 = 'SMS'
-- ?4 = 5
-- ?5 = 0
-- ?6 = 1
-- ?7 = 0
-- ?10 = 5
-- ?11 = 0
-- ?12 = 50
-- ?13 = 50
-- ?14 = '2024-03-01T00:00:00.000000Z'
-- ?15 = x'01890a5d000070008000000000000001'
-- ?17 = 50
-- ?18 = 1
-- ?19 = 0
