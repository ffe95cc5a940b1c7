SELECT '{"consentLedgerIntact":' || ('[' || coalesce(CAST(channel_1.consent_count AS TEXT), 'null') || ',' || coalesce(CAST(to_json(channel_1.consent_head) AS TEXT), 'null') || ',' || coalesce(CAST((
  SELECT coalesce(jsonb_agg(jsonb_build_array(anon_2.id, anon_2.channel_id, anon_2.topic_id, anon_2.number, anon_2.act, anon_2.restored, anon_2.retracts, anon_2.time_given, anon_2.method, anon_2.occurred_at, anon_2.recorded_at, anon_2.actor, anon_2.source_url, anon_2.ip_address, anon_2.user_agent, anon_2.disclosure, anon_2.source_detail, anon_2.digest, anon_2.previous_digest, anon_2.retracted_at)), '[]'::jsonb) AS anon_1
  FROM (
    SELECT consent_record_1.id AS id, consent_record_1.channel_id AS channel_id, consent_record_1.topic_id AS topic_id, consent_record_1.number AS number, consent_record_1.act AS act, consent_record_1.restored AS restored, consent_record_1.retracts AS retracts, consent_record_1.time_given AS time_given, consent_record_1.method AS method, consent_record_1.occurred_at AS occurred_at, consent_record_1.recorded_at AS recorded_at, consent_record_1.actor AS actor, consent_record_1.source_url AS source_url, consent_record_1.ip_address AS ip_address, consent_record_1.user_agent AS user_agent, consent_record_1.disclosure AS disclosure, consent_record_1.source_detail AS source_detail, consent_record_1.digest AS digest, consent_record_1.previous_digest AS previous_digest, consent_record_1.retracted_at AS retracted_at
    FROM consent_record AS consent_record_1
    WHERE consent_record_1.channel_id = channel_1.id AND consent_record_1.account_id = $1::INTEGER
    ORDER BY consent_record_1.number
  ) AS anon_2
) AS TEXT), 'null') || ']') ||
  ',"unsubscribeUrl":' || ('[' || coalesce('"' || encode(uuid_send(channel_1.id), 'hex') || '"', 'null') || ']') ||
  ',"consentHistory":' || (
  SELECT '{"nodes":[' || coalesce(string_agg('{"status":' || coalesce(CAST(to_json(CASE WHEN (page_1."act" = $2::VARCHAR) THEN $3 WHEN (page_1."act" = $4::VARCHAR) THEN $5 WHEN (page_1."act" = $6::VARCHAR OR page_1."act" = $7::VARCHAR) THEN page_1."restored" ELSE $8 END) AS TEXT), 'null') ||
    ',"occurredAt":' || coalesce('"' || to_char(timezone('UTC', page_1."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
    ',"topic":' || coalesce((
    SELECT '{"key":' || coalesce(CAST(to_json(topic_1.key) AS TEXT), 'null') || '}' AS json
    FROM topic AS topic_1
    WHERE topic_1.id = page_1."topic_id" AND topic_1.account_id = $1::INTEGER
    LIMIT $9::INTEGER
  ), 'null') || '}', ',') FILTER (WHERE page_1.n <= $10::INTEGER), '') ||
    '],"pageInfo":{"endCursor":' || coalesce(max(CASE WHEN (page_1.n = CASE WHEN (page_1.found > $10::INTEGER) THEN $10::INTEGER ELSE page_1.found END AND page_1.n <= $10::INTEGER) THEN '"6526e5~' || to_char(timezone('UTC', page_1."occurred_at"), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '~' || encode(uuid_send(page_1."id"), 'hex') || '"' END), 'null') ||
    ',"hasNextPage":' || coalesce(CAST(coalesce(max(page_1.found), 0) > $10::INTEGER AS TEXT), 'null') || '}}' AS anon_3
  FROM (
    SELECT anon_4.id AS id, anon_4.act AS act, anon_4.restored AS restored, anon_4.occurred_at AS occurred_at, anon_4.topic_id AS topic_id, row_number() OVER () AS n, count(*) OVER () AS found
    FROM (
      SELECT consent_record_2.id AS id, consent_record_2.act AS act, consent_record_2.restored AS restored, consent_record_2.occurred_at AS occurred_at, consent_record_2.topic_id AS topic_id
      FROM consent_record AS consent_record_2
      WHERE consent_record_2.channel_id = channel_1.id AND consent_record_2.account_id = $1::INTEGER
      ORDER BY consent_record_2.occurred_at DESC, consent_record_2.id DESC
      LIMIT $10::INTEGER + $11::INTEGER
    ) AS anon_4
  ) AS page_1
) || '}' AS json
FROM channel AS channel_1
WHERE channel_1.id = $12::UUID AND channel_1.account_id = $1::INTEGER
LIMIT $13::INTEGER

-- $1 = the account
-- $2 = 'OPT_IN'
-- $3 = 'OPTED_IN'
-- $4 = 'ASK'
-- $5 = 'PENDING'
-- $6 = 'START'
-- $7 = 'RETRACT'
-- $8 = 'OPTED_OUT'
-- $9 = 1
-- $10 = 10
-- $11 = 1
-- $12 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $13 = 1
