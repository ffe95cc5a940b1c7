SELECT '{"auditLog":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"id":"audit_entry_' || encode(uuid_send(page_1."id"), 'hex') ||
    '","at":' || coalesce('"' || to_char(timezone('UTC', page_1."at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
    ',"actor":' || coalesce(CAST(to_json((
    SELECT fact_1.actor
    FROM fact AS fact_1
    WHERE fact_1.id = page_1."id" AND fact_1.account_id = $1::INTEGER
  )) AS TEXT), 'null') ||
    ',"action":' || coalesce(CAST(to_json((
    SELECT fact_2.name
    FROM fact AS fact_2
    WHERE fact_2.id = page_1."id" AND fact_2.account_id = $1::INTEGER
  )) AS TEXT), 'null') ||
    ',"detail":' || coalesce(CAST((
    SELECT fact_3.data
    FROM fact AS fact_3
    WHERE fact_3.id = page_1."id" AND fact_3.account_id = $1::INTEGER
  ) AS TEXT), 'null') || '}', ',') FILTER (WHERE page_1.n <= $2::INTEGER), '') ||
    '],"pageInfo":{"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $2::INTEGER AS TEXT), 'null') ||
    ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > $2::INTEGER) THEN $2::INTEGER ELSE page_1.found END AND page_1.n <= $2::INTEGER) THEN '"46303f~' || to_char(timezone('UTC', page_1."at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') || '"' END), 'null') ||
    '},"totalCount":' || CAST((
    SELECT count(*) AS count_1
    FROM channel AS channel_1
    JOIN fact_channel AS fact_channel_1 ON true
    WHERE fact_channel_1.channel_id = channel_1.id AND NOT (EXISTS (
      SELECT fact_channel_2.id
      FROM fact_channel AS fact_channel_2
      JOIN channel AS channel_2 ON channel_2.id = fact_channel_2.channel_id
      WHERE fact_channel_2.id = fact_channel_1.id AND fact_channel_2.channel_id < fact_channel_1.channel_id AND channel_2.profile_id = channel_1.profile_id AND fact_channel_2.account_id = $1::INTEGER AND channel_2.account_id = $1::INTEGER
    )) AND channel_1.profile_id = profile_1.id AND channel_1.account_id = $1::INTEGER AND fact_channel_1.account_id = $1::INTEGER
  ) AS TEXT) || '}' AS anon_1
  FROM (
    SELECT anon_2.id AS id, anon_2.at AS at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT anon_3.id AS id, anon_3.at AS at
      FROM channel AS channel_1
      JOIN LATERAL (
        SELECT fact_channel_3.id AS id, fact_channel_3.at AS at, fact_channel_3.at AS sorted_by, fact_channel_3.id AS sorted_id
        FROM fact_channel AS fact_channel_3
        WHERE fact_channel_3.channel_id = channel_1.id AND NOT (EXISTS (
          SELECT fact_channel_4.id
          FROM fact_channel AS fact_channel_4
          JOIN channel AS channel_3 ON channel_3.id = fact_channel_4.channel_id
          WHERE fact_channel_4.id = fact_channel_3.id AND fact_channel_4.channel_id < fact_channel_3.channel_id AND channel_3.profile_id = channel_1.profile_id AND fact_channel_4.account_id = $1::INTEGER AND channel_3.account_id = $1::INTEGER
        )) AND (fact_channel_3.at, fact_channel_3.id) < ($3::TIMESTAMP WITH TIME ZONE, $4::UUID) AND fact_channel_3.account_id = $1::INTEGER
        ORDER BY fact_channel_3.at DESC, fact_channel_3.id DESC
        LIMIT $2::INTEGER + $5::INTEGER
      ) AS anon_3 ON true
      WHERE channel_1.profile_id = profile_1.id AND channel_1.account_id = $1::INTEGER
      ORDER BY anon_3.sorted_by DESC, anon_3.sorted_id DESC
      LIMIT $2::INTEGER + $5::INTEGER
    ) AS anon_2
  ) AS page_1
) || '}' AS json
FROM channel AS channel_4
JOIN profile AS profile_1 ON profile_1.id = channel_4.profile_id
WHERE channel_4.home_id = $6::UUID AND channel_4.account_id = $1::INTEGER AND profile_1.account_id = $1::INTEGER
LIMIT $7::INTEGER

-- $1 = the account
-- $2 = 3
-- $3 = datetime.datetime(2024, 3, 5, 9, 0, tzinfo=datetime.timezone.utc)
-- $4 = UUID('00000000-0000-0000-0000-0000000000e1')
-- $5 = 1
-- $6 = UUID('00000000-0000-0000-0000-0000000000a1')
-- $7 = 1
