SELECT '{"totalCount":' || CAST((
  SELECT count(*) AS count_1
  FROM profile AS profile_1
  WHERE profile_1.account_id = $1::INTEGER
) AS TEXT) ||
  ',"pageInfo":{"hasNextPage":' || coalesce(CAST((
  SELECT 1
  FROM profile AS profile_1
  WHERE (profile_1.created_at, profile_1.id) <= ($2::TIMESTAMP WITH TIME ZONE, $3::UUID) AND profile_1.account_id = $1::INTEGER
  ORDER BY profile_1.created_at ASC, profile_1.id ASC
  LIMIT $4::INTEGER
) IS NOT NULL AS TEXT), 'null') ||
  ',"hasPreviousPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $5::INTEGER AS TEXT), 'null') ||
  ',"startCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > $5::INTEGER) THEN $5::INTEGER ELSE page_1.found END AND page_1.n <= $5::INTEGER) THEN '"0a1b5e~' || to_char(timezone('UTC', page_1."created_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') || '"' END), 'null') ||
  ',"endCursor":' || coalesce(max(CASE WHEN (page_1.n = 1 AND page_1.n <= $5::INTEGER) THEN '"0a1b5e~' || to_char(timezone('UTC', page_1."created_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') || '"' END), 'null') ||
  '},"nodes":[' || coalesce(string_agg('{"engagements":' || (
  SELECT '{"totalCount":' || CAST((
    SELECT count(*) AS count_2
    FROM channel AS channel_1
    JOIN engagement AS engagement_1 ON true
    WHERE engagement_1.channel_id = channel_1.id AND channel_1.profile_id = page_1."id" AND channel_1.account_id = $1::INTEGER AND engagement_1.account_id = $1::INTEGER
  ) AS TEXT) ||
    ',"pageInfo":{"hasPreviousPage":' || coalesce(CAST(coalesce(max(page_2.found), 0) > $6::INTEGER AS TEXT), 'null') ||
    '},"edges":[' || coalesce(string_agg('{"cursor":"70b6fa~' || to_char(timezone('UTC', page_2."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_2."id"), 'hex') || '"}', ',') FILTER (WHERE page_2.n <= $6::INTEGER), '') || ']}' AS anon_2
  FROM (
    SELECT anon_3.id AS id, anon_3.occurred_at AS occurred_at, anon_3.n AS n, anon_3.found AS found
    FROM (
      SELECT anon_4.id AS id, anon_4.occurred_at AS occurred_at, row_number() OVER () AS n, count(*) OVER () AS found
      FROM (
        SELECT anon_5.id AS id, anon_5.occurred_at AS occurred_at
        FROM channel AS channel_1
        JOIN LATERAL (
          SELECT engagement_2.id AS id, engagement_2.occurred_at AS occurred_at, engagement_2.occurred_at AS sorted_by, engagement_2.id AS sorted_id
          FROM engagement AS engagement_2
          WHERE engagement_2.channel_id = channel_1.id AND engagement_2.account_id = $1::INTEGER
          ORDER BY engagement_2.occurred_at ASC, engagement_2.id ASC
          LIMIT $6::INTEGER + $7::INTEGER
        ) AS anon_5 ON true
        WHERE channel_1.profile_id = page_1."id" AND channel_1.account_id = $1::INTEGER
        ORDER BY anon_5.sorted_by ASC, anon_5.sorted_id ASC
        LIMIT $6::INTEGER + $7::INTEGER
      ) AS anon_4
    ) AS anon_3
    ORDER BY anon_3.n DESC
  ) AS page_2
) || '}', ',') FILTER (WHERE page_1.n <= $5::INTEGER), '') || ']}' AS anon_1
FROM (
  SELECT anon_6.id AS id, anon_6.created_at AS created_at, anon_6.n AS n, anon_6.found AS found
  FROM (
    SELECT anon_7.id AS id, anon_7.created_at AS created_at, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT profile_1.id AS id, profile_1.created_at AS created_at
      FROM profile AS profile_1
      WHERE (profile_1.created_at, profile_1.id) > ($8::TIMESTAMP WITH TIME ZONE, $9::UUID) AND profile_1.account_id = $1::INTEGER
      ORDER BY profile_1.created_at ASC, profile_1.id ASC
      LIMIT $5::INTEGER + $10::INTEGER
    ) AS anon_7
  ) AS anon_6
  ORDER BY anon_6.n DESC
) AS page_1

-- $1 = the account
-- $2 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $3 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $4 = 1
-- $5 = 10
-- $6 = 3
-- $7 = 1
-- $8 = datetime.datetime(2024, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $9 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $10 = 1
