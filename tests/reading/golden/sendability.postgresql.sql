SELECT '{"channels":[' || (
  SELECT coalesce(string_agg(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"sendability":' || coalesce((
      SELECT '{"allowed":' || coalesce(CAST(NOT (anon_2.no_consent OR anon_2.consent_pending OR anon_2.opted_out OR anon_2.held OR anon_2.expired OR anon_2.banned OR anon_2.topic_opted_out OR anon_2.processing_restricted OR anon_2.quiet_hours OR anon_2.suppressed) AS TEXT), 'null') ||
        ',"holdUntil":' || coalesce(CAST(to_json(CASE WHEN (anon_2.quiet_hours AND NOT (anon_2.no_consent OR anon_2.consent_pending OR anon_2.opted_out OR anon_2.held OR anon_2.expired OR anon_2.banned OR anon_2.topic_opted_out OR anon_2.processing_restricted OR anon_2.suppressed)) THEN anon_2.quiet_until END) AS TEXT), 'null') ||
        ',"blocks":[' || (
        SELECT coalesce(string_agg(anon_3.json, ','), '') AS coalesce_2
        FROM (
          SELECT '{"reason":' || coalesce(CAST(to_json(anon_4.reason) AS TEXT), 'null') ||
            ',"until":' || coalesce(CAST(to_json(anon_4.until) AS TEXT), 'null') ||
            ',"record":' || coalesce((
            SELECT '{"occurredAt":' || coalesce('"' || to_char(timezone('UTC', consent_record_1.occurred_at), 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"', 'null') || '}' AS json
            FROM consent_record AS consent_record_1
            WHERE consent_record_1.id = anon_4.consent_record_id AND consent_record_1.account_id = $1::INTEGER
            LIMIT $2::INTEGER
          ), 'null') || '}' AS json
          FROM (
            SELECT 0 AS place, 'NO_CONSENT' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.no_consent UNION ALL SELECT 1 AS place, 'CONSENT_PENDING' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.record_id AS consent_record_id
            WHERE anon_2.consent_pending UNION ALL SELECT 2 AS place, 'OPTED_OUT' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.record_id AS consent_record_id
            WHERE anon_2.opted_out UNION ALL SELECT 3 AS place, 'HELD' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.held UNION ALL SELECT 4 AS place, 'EXPIRED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.expired UNION ALL SELECT 5 AS place, 'BANNED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.banned UNION ALL SELECT 6 AS place, 'TOPIC_OPTED_OUT' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.topic_record_id AS consent_record_id
            WHERE anon_2.topic_opted_out UNION ALL SELECT 7 AS place, 'PROCESSING_RESTRICTED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.processing_restricted UNION ALL SELECT 8 AS place, 'QUIET_HOURS' AS reason, anon_2.quiet_until AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.quiet_hours UNION ALL SELECT 9 AS place, 'SUPPRESSED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS UUID) AS consent_record_id
            WHERE anon_2.suppressed
          ) AS anon_4
          ORDER BY anon_4.place
        ) AS anon_3
      ) || ']}' AS json
      FROM (
        SELECT channel_1.consent_status = 'NOT_COLLECTED' AS no_consent, channel_1.consent_status = 'PENDING' AS consent_pending, true AND channel_1.consent_status = 'OPTED_OUT' AS opted_out, channel_1.deliverability = 'HELD' AS held, channel_1.deliverability = 'EXPIRED' AS expired, channel_1.deliverability = 'BANNED' AS banned, EXISTS (
          SELECT channel_topic_1.channel_id
          FROM channel_topic AS channel_topic_1
          WHERE channel_topic_1.topic_id = (
            SELECT topic_1.id
            FROM topic AS topic_1
            WHERE topic_1.key = $3::VARCHAR AND topic_1.account_id = $1::INTEGER
          ) AND channel_topic_1.status = 'OPTED_OUT' AND channel_topic_1.channel_id = channel_1.id AND channel_topic_1.account_id = $1::INTEGER
        ) AS topic_opted_out, EXISTS (
          SELECT profile_1.id
          FROM profile AS profile_1
          WHERE profile_1.restricted_at IS NOT NULL AND profile_1.id = channel_1.profile_id AND profile_1.account_id = $1::INTEGER
        ) AS processing_restricted, channel_1.kind = 'SMS' AND nullif(coalesce(($4::JSONB ->> channel_1.time_zones), $5::VARCHAR), '') IS NOT NULL AS quiet_hours, channel_1.suppressed_at IS NOT NULL AS suppressed, nullif(coalesce(($4::JSONB ->> channel_1.time_zones), $5::VARCHAR), '') AS quiet_until, channel_1.consent_record_id AS record_id, (
          SELECT channel_topic_2.record_id
          FROM channel_topic AS channel_topic_2
          WHERE channel_topic_2.channel_id = channel_1.id AND channel_topic_2.topic_id = (
            SELECT topic_1.id
            FROM topic AS topic_1
            WHERE topic_1.key = $3::VARCHAR AND topic_1.account_id = $1::INTEGER
          ) AND channel_topic_2.account_id = $1::INTEGER
        ) AS topic_record_id
      ) AS anon_2
      LIMIT $6::INTEGER
    ), 'null') ||
      ',"transactional":' || coalesce((
      SELECT '{"allowed":' || coalesce(CAST(NOT (anon_5.no_consent OR anon_5.consent_pending OR anon_5.opted_out OR anon_5.held OR anon_5.expired OR anon_5.banned OR anon_5.topic_opted_out OR anon_5.processing_restricted OR anon_5.quiet_hours OR anon_5.suppressed) AS TEXT), 'null') || '}' AS json
      FROM (
        SELECT false AS no_consent, false AS consent_pending, channel_1.kind = 'SMS' AND channel_1.consent_status = 'OPTED_OUT' AS opted_out, channel_1.deliverability = 'HELD' AS held, channel_1.deliverability = 'EXPIRED' AS expired, channel_1.deliverability = 'BANNED' AS banned, false AS topic_opted_out, EXISTS (
          SELECT profile_2.id
          FROM profile AS profile_2
          WHERE profile_2.restricted_at IS NOT NULL AND profile_2.id = channel_1.profile_id AND profile_2.account_id = $1::INTEGER
        ) AS processing_restricted, false AS quiet_hours, channel_1.suppressed_at IS NOT NULL AS suppressed, nullif(coalesce(($7::JSONB ->> channel_1.time_zones), $8::VARCHAR), '') AS quiet_until, channel_1.consent_record_id AS record_id, CAST(NULL AS UUID) AS topic_record_id
      ) AS anon_5
      LIMIT $9::INTEGER
    ), 'null') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_3.id AND channel_1.account_id = $1::INTEGER
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
JOIN profile AS profile_3 ON profile_3.id = channel_2.profile_id
WHERE channel_2.home_id = $10::UUID AND channel_2.account_id = $1::INTEGER AND profile_3.account_id = $1::INTEGER
LIMIT $11::INTEGER

-- $1 = the account
-- $2 = 1
-- $3 = 'news'
-- $4 = '{"Africa/Abidjan":"","Africa/Accra":"","Africa/Addis_Ababa":"","Africa/Asmera":"","Africa/Bamako":"","Africa/Bangui":"","Africa/Banjul":"","Africa/Blantyre":"","Africa/Brazzaville":"","Africa/Bujumbura":"","Africa/Cairo":"","Africa/Conakry":"","Africa/Dakar":"","Africa/Dar_es_Salaam":"","Africa/Djib'…
-- $5 = ''
-- $6 = 1
-- $7 = '{"Africa/Abidjan":"2024-03-01T08:00:00.000000Z","Africa/Accra":"2024-03-01T08:00:00.000000Z","Africa/Addis_Ababa":"","Africa/Asmera":"","Africa/Bamako":"2024-03-01T08:00:00.000000Z","Africa/Bangui":"","Africa/Banjul":"2024-03-01T08:00:00.000000Z","Africa/Blantyre":"","Africa/Brazzaville":"","Africa/'…
-- $8 = '2024-03-01T08:00:00.000000Z'
-- $9 = 1
-- $10 = UUID('01890a5d-0000-7000-8000-000000000001')
-- $11 = 1
