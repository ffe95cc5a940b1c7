SELECT '{"edges":[' || coalesce(string_agg('{"cursor":"430aab~' || to_char(timezone('UTC', page_1."updated_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') ||
  '","node":{"displayName":' || coalesce(CAST(to_json(page_1."display_name") AS TEXT), 'null') ||
  ',"channels":[' || (
  SELECT coalesce(string_agg(anon_2.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"address":' || coalesce(CAST(to_json(channel_1.address) AS TEXT), 'null') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = page_1."id" AND channel_1.kind = $1::VARCHAR AND channel_1.account_id = $2::INTEGER
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_2
) ||
  '],"engagements":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"kind":' || coalesce(CAST(to_json(page_2."kind") AS TEXT), 'null') ||
    ',"occurredAt":' || coalesce('"' || to_char(timezone('UTC', page_2."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}', ','), '') || ']}' AS anon_3
  FROM (
    SELECT anon_4.id AS id, anon_4.kind AS kind, anon_4.occurred_at AS occurred_at
    FROM channel AS channel_2
    JOIN LATERAL (
      SELECT engagement_1.id AS id, engagement_1.kind AS kind, engagement_1.occurred_at AS occurred_at, engagement_1.occurred_at AS sorted_by, engagement_1.id AS sorted_id
      FROM engagement AS engagement_1
      WHERE engagement_1.channel_id = channel_2.id AND engagement_1.account_id = $2::INTEGER
      ORDER BY engagement_1.occurred_at DESC, engagement_1.id DESC
      LIMIT $3::INTEGER
    ) AS anon_4 ON true
    WHERE channel_2.profile_id = page_1."id" AND channel_2.account_id = $2::INTEGER
    ORDER BY anon_4.sorted_by DESC, anon_4.sorted_id DESC
    LIMIT $3::INTEGER
  ) AS page_2
) || '}}', ',') FILTER (WHERE page_1.n <= $4::INTEGER), '') ||
  '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $4::INTEGER AS TEXT), 'null') || '}}' AS anon_1
FROM (
  SELECT anon_5.id AS id, anon_5.updated_at AS updated_at, anon_5.display_name AS display_name, row_number() OVER () AS n, count(*) OVER () AS found
  FROM (
    SELECT profile_1.id AS id, profile_1.updated_at AS updated_at, profile_1.display_name AS display_name
    FROM profile AS profile_1
    WHERE (profile_1.updated_at, profile_1.id) < ($5::TIMESTAMP WITH TIME ZONE, $6::UUID) AND profile_1.account_id = $2::INTEGER
    ORDER BY profile_1.updated_at DESC, profile_1.id DESC
    LIMIT $4::INTEGER + $7::INTEGER
  ) AS anon_5
) AS page_1

-- $2 = the account
-- $1 = 'SMS'
-- $3 = 5
-- $4 = 50
-- $5 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $6 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $7 = 1
