SELECT '{"consentAsOf":' || coalesce((
  SELECT '{"status":' || coalesce(CAST(to_json(anon_1.consent_status) AS TEXT), 'null') ||
    ',"updatedAt":' || coalesce('"' || to_char(timezone('UTC', anon_1.consent_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') ||
    ',"record":' || coalesce((
    SELECT '{"disclosure":' || coalesce(CAST(to_json(consent_record_1.disclosure) AS TEXT), 'null') || '}' AS json
    FROM consent_record AS consent_record_1
    WHERE consent_record_1.id = anon_1.consent_record_id AND consent_record_1.account_id = $1::INTEGER
    LIMIT $2::INTEGER
  ), 'null') || '}' AS json
  FROM (
    SELECT coalesce(anon_2.status, 'NOT_COLLECTED') AS consent_status, anon_2.since AS consent_at, anon_2.record_id AS consent_record_id
    FROM (
      SELECT 1 AS row
    ) AS anon_3
    LEFT OUTER JOIN (WITH entries AS  (
      SELECT consent_record_2.channel_id AS channel_id, consent_record_2.topic_id AS topic_id, consent_record_2.id AS id, CASE WHEN (consent_record_2.retracted_at <= $3::TIMESTAMP WITH TIME ZONE) THEN 'RETRACT' ELSE consent_record_2.act END AS act, consent_record_2.time_given AS time_given, consent_record_2.occurred_at AS occurred_at, consent_record_2.number AS number
      FROM consent_record AS consent_record_2
      WHERE consent_record_2.channel_id = channel_1.id AND consent_record_2.topic_id IS NULL AND consent_record_2.occurred_at <= $4::TIMESTAMP WITH TIME ZONE AND consent_record_2.recorded_at <= $3::TIMESTAMP WITH TIME ZONE AND consent_record_2.account_id = $1::INTEGER
    ),  placed AS  (
      SELECT entries.channel_id AS channel_id, entries.topic_id AS topic_id, entries.id AS id, entries.act AS act, entries.time_given AS time_given, entries.occurred_at AS occurred_at, entries.number AS number, row_number() OVER (PARTITION BY entries.channel_id, entries.topic_id ORDER BY entries.occurred_at, CASE WHEN (entries.act = 'OPT_OUT' OR entries.act = 'STOP') THEN 1 ELSE 0 END, entries.number) AS place, CASE WHEN (entries.act = 'OPT_OUT' OR entries.act = 'START' OR entries.act = 'OPT_IN' AND entries.time_given) THEN 1 ELSE 0 END AS answers
      FROM entries
    ),  runs AS  (
      SELECT placed.channel_id AS channel_id, placed.topic_id AS topic_id, placed.id AS id, placed.act AS act, placed.time_given AS time_given, placed.occurred_at AS occurred_at, placed.number AS number, placed.place AS place, placed.answers AS answers, sum(placed.answers) OVER (PARTITION BY placed.channel_id, placed.topic_id ORDER BY placed.place) - placed.answers AS run
      FROM placed
    ),  answered AS  (
      SELECT runs.channel_id AS channel_id, runs.topic_id AS topic_id, runs.id AS id, runs.act AS act, runs.time_given AS time_given, runs.occurred_at AS occurred_at, runs.number AS number, runs.place AS place, runs.answers AS answers, runs.run AS run, max(CASE WHEN (runs.act = 'START') THEN 1 ELSE 0 END) OVER (PARTITION BY runs.channel_id, runs.topic_id, runs.run) AS started
      FROM runs
    ),  last AS  (
      SELECT answered.channel_id AS channel_id, answered.topic_id AS topic_id, answered.id AS id, answered.act AS act, answered.time_given AS time_given, answered.occurred_at AS occurred_at, answered.number AS number, answered.place AS place, answered.answers AS answers, answered.run AS run, answered.started AS started, max(CASE WHEN ((answered.act = 'OPT_OUT' OR answered.act = 'STOP') AND NOT (answered.act = 'STOP' AND answered.started = 1)) THEN answered.place END) OVER (PARTITION BY answered.channel_id, answered.topic_id) AS out, max(CASE WHEN (answered.act = 'OPT_IN' AND answered.time_given) THEN answered.place END) OVER (PARTITION BY answered.channel_id, answered.topic_id) AS timed, max(CASE WHEN (answered.act = 'OPT_IN') THEN answered.place END) OVER (PARTITION BY answered.channel_id, answered.topic_id) AS opted_in, max(CASE WHEN (answered.act = 'ASK') THEN answered.place END) OVER (PARTITION BY answered.channel_id, answered.topic_id) AS asked
      FROM answered
    ) SELECT last.channel_id AS channel_id, last.topic_id AS topic_id, CASE WHEN (last.out > coalesce(last.timed, 0)) THEN 'OPTED_OUT' WHEN (last.opted_in IS NOT NULL) THEN 'OPTED_IN' ELSE 'PENDING' END AS status, last.occurred_at AS since, last.id AS record_id  FROM last  WHERE last.place = CASE WHEN (last.out > coalesce(last.timed, 0)) THEN last.out ELSE coalesce(last.opted_in, last.asked) END) AS anon_2 ON true
  ) AS anon_1
  LIMIT $5::INTEGER
), 'null') || '}' AS json
FROM channel AS channel_1
WHERE channel_1.id = $6::UUID AND channel_1.account_id = $1::INTEGER
LIMIT $7::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = datetime.datetime(2024, 2, 1, 0, 0, tzinfo=datetime.timezone.utc)
-- $4 = datetime.datetime(2024, 1, 31, 9, 30, tzinfo=datetime.timezone.utc)
-- $5 = 1
-- $6 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $7 = 1
