SELECT '{"channels":[' || (
  SELECT coalesce(group_concat(anon_1.json, ','), '') AS coalesce_1
  FROM (
    SELECT '{"sendability":' || coalesce((
      SELECT '{"allowed":' || CASE NOT (anon_2.no_consent = 1 OR anon_2.consent_pending = 1 OR anon_2.opted_out = 1 OR anon_2.held = 1 OR anon_2.expired = 1 OR anon_2.banned = 1 OR anon_2.topic_opted_out = 1 OR anon_2.processing_restricted = 1 OR anon_2.quiet_hours = 1 OR anon_2.suppressed = 1) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END ||
        ',"holdUntil":' || json_quote(CASE WHEN (anon_2.quiet_hours = 1 AND NOT (anon_2.no_consent = 1 OR anon_2.consent_pending = 1 OR anon_2.opted_out = 1 OR anon_2.held = 1 OR anon_2.expired = 1 OR anon_2.banned = 1 OR anon_2.topic_opted_out = 1 OR anon_2.processing_restricted = 1 OR anon_2.suppressed = 1)) THEN anon_2.quiet_until END) ||
        ',"blocks":[' || (
        SELECT coalesce(group_concat(anon_3.json, ','), '') AS coalesce_2
        FROM (
          SELECT '{"reason":' || json_quote(anon_4.reason) ||
            ',"until":' || json_quote(anon_4.until) ||
            ',"record":' || coalesce((
            SELECT '{"occurredAt":' || coalesce('"' || consent_record_1.occurred_at || '"', 'null') || '}' AS json
            FROM consent_record AS consent_record_1
            WHERE consent_record_1.id = anon_4.consent_record_id AND consent_record_1.account_id = ?1
            LIMIT ?2 OFFSET ?3
          ), 'null') || '}' AS json
          FROM (
            SELECT 0 AS place, 'NO_CONSENT' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.no_consent = 1 UNION ALL SELECT 1 AS place, 'CONSENT_PENDING' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.record_id AS consent_record_id
            WHERE anon_2.consent_pending = 1 UNION ALL SELECT 2 AS place, 'OPTED_OUT' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.record_id AS consent_record_id
            WHERE anon_2.opted_out = 1 UNION ALL SELECT 3 AS place, 'HELD' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.held = 1 UNION ALL SELECT 4 AS place, 'EXPIRED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.expired = 1 UNION ALL SELECT 5 AS place, 'BANNED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.banned = 1 UNION ALL SELECT 6 AS place, 'TOPIC_OPTED_OUT' AS reason, CAST(NULL AS VARCHAR) AS until, anon_2.topic_record_id AS consent_record_id
            WHERE anon_2.topic_opted_out = 1 UNION ALL SELECT 7 AS place, 'PROCESSING_RESTRICTED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.processing_restricted = 1 UNION ALL SELECT 8 AS place, 'QUIET_HOURS' AS reason, anon_2.quiet_until AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.quiet_hours = 1 UNION ALL SELECT 9 AS place, 'SUPPRESSED' AS reason, CAST(NULL AS VARCHAR) AS until, CAST(NULL AS BLOB) AS consent_record_id
            WHERE anon_2.suppressed = 1
          ) AS anon_4
          ORDER BY anon_4.place
        ) AS anon_3
      ) || ']}' AS json
      FROM (
        SELECT channel_1.consent_status = 'NOT_COLLECTED' AS no_consent, channel_1.consent_status = 'PENDING' AS consent_pending, 1 = 1 AND channel_1.consent_status = 'OPTED_OUT' AS opted_out, channel_1.deliverability = 'HELD' AS held, channel_1.deliverability = 'EXPIRED' AS expired, channel_1.deliverability = 'BANNED' AS banned, EXISTS (
          SELECT channel_topic_1.channel_id
          FROM channel_topic AS channel_topic_1
          WHERE channel_topic_1.topic_id = (
            SELECT topic_1.id
            FROM topic AS topic_1
            WHERE topic_1."key" = ?4 AND topic_1.account_id = ?5
          ) AND channel_topic_1.status = 'OPTED_OUT' AND channel_topic_1.channel_id = channel_1.id AND channel_topic_1.account_id = ?6
        ) AS topic_opted_out, EXISTS (
          SELECT profile_1.id
          FROM profile AS profile_1
          WHERE profile_1.restricted_at IS NOT NULL AND profile_1.id = channel_1.profile_id AND profile_1.account_id = ?7
        ) AS processing_restricted, channel_1.kind = 'SMS' AND nullif(coalesce((?8 ->> channel_1.time_zones), ?9), '') IS NOT NULL AS quiet_hours, channel_1.suppressed_at IS NOT NULL AS suppressed, nullif(coalesce((?10 ->> channel_1.time_zones), ?11), '') AS quiet_until, channel_1.consent_record_id AS record_id, (
          SELECT channel_topic_2.record_id
          FROM channel_topic AS channel_topic_2
          WHERE channel_topic_2.channel_id = channel_1.id AND channel_topic_2.topic_id = (
            SELECT topic_1.id
            FROM topic AS topic_1
            WHERE topic_1."key" = ?12 AND topic_1.account_id = ?13
          ) AND channel_topic_2.account_id = ?14
        ) AS topic_record_id
      ) AS anon_2
      LIMIT ?15 OFFSET ?16
    ), 'null') ||
      ',"transactional":' || coalesce((
      SELECT '{"allowed":' || CASE NOT (anon_5.no_consent = 1 OR anon_5.consent_pending = 1 OR anon_5.opted_out = 1 OR anon_5.held = 1 OR anon_5.expired = 1 OR anon_5.banned = 1 OR anon_5.topic_opted_out = 1 OR anon_5.processing_restricted = 1 OR anon_5.quiet_hours = 1 OR anon_5.suppressed = 1) WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE 'null' END || '}' AS json
      FROM (
        SELECT 0 = 1 AS no_consent, 0 = 1 AS consent_pending, channel_1.kind = 'SMS' AND channel_1.consent_status = 'OPTED_OUT' AS opted_out, channel_1.deliverability = 'HELD' AS held, channel_1.deliverability = 'EXPIRED' AS expired, channel_1.deliverability = 'BANNED' AS banned, 0 AS topic_opted_out, EXISTS (
          SELECT profile_2.id
          FROM profile AS profile_2
          WHERE profile_2.restricted_at IS NOT NULL AND profile_2.id = channel_1.profile_id AND profile_2.account_id = ?17
        ) AS processing_restricted, 0 = 1 AS quiet_hours, channel_1.suppressed_at IS NOT NULL AS suppressed, nullif(coalesce((?18 ->> channel_1.time_zones), ?19), '') AS quiet_until, channel_1.consent_record_id AS record_id, CAST(NULL AS BLOB) AS topic_record_id
      ) AS anon_5
      LIMIT ?20 OFFSET ?21
    ), 'null') || '}' AS json
    FROM channel AS channel_1
    WHERE channel_1.profile_id = profile_3.id AND channel_1.account_id = ?22
    ORDER BY channel_1.created_at, channel_1.id
  ) AS anon_1
) || ']}' AS json
FROM channel AS channel_2
CROSS JOIN profile AS profile_3 ON profile_3.id = channel_2.profile_id
WHERE channel_2.home_id = ?23 AND channel_2.account_id = ?24 AND profile_3.account_id = ?25
LIMIT ?26 OFFSET ?27

-- ?1, ?5, ?6, ?7, ?13, ?14, ?17, ?22, ?24, ?25 = the account
-- ?2 = 1
-- ?3 = 0
-- ?4 = 'news'
-- ?8 = '{"Africa/Abidjan":"","Africa/Accra":"","Africa/Addis_Ababa":"","Africa/Asmera":"","Africa/Bamako":"","Africa/Bangui":"","Africa/Banjul":"","Africa/Blantyre":"","Africa/Brazzaville":"","Africa/Bujumbura":"","Africa/Cairo":"","Africa/Conakry":"","Africa/Dakar":"","Africa/Dar_es_Salaam":"","Africa/Djib'…
-- ?9 = ''
-- ?10 = '{"Africa/Abidjan":"","Africa/Accra":"","Africa/Addis_Ababa":"","Africa/Asmera":"","Africa/Bamako":"","Africa/Bangui":"","Africa/Banjul":"","Africa/Blantyre":"","Africa/Brazzaville":"","Africa/Bujumbura":"","Africa/Cairo":"","Africa/Conakry":"","Africa/Dakar":"","Africa/Dar_es_Salaam":"","Africa/Djib'…
-- ?11 = ''
-- ?12 = 'news'
-- ?15 = 1
-- ?16 = 0
-- ?18 = '{"Africa/Abidjan":"2024-03-01T08:00:00.000000Z","Africa/Accra":"2024-03-01T08:00:00.000000Z","Africa/Addis_Ababa":"","Africa/Asmera":"","Africa/Bamako":"2024-03-01T08:00:00.000000Z","Africa/Bangui":"","Africa/Banjul":"2024-03-01T08:00:00.000000Z","Africa/Blantyre":"","Africa/Brazzaville":"","Africa/'…
-- ?19 = '2024-03-01T08:00:00.000000Z'
-- ?20 = 1
-- ?21 = 0
-- ?23 = x'01890a5d000070008000000000000001'
-- ?26 = 1
-- ?27 = 0
