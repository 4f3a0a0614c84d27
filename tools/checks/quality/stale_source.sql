-- stale_source: nothing new from a source for longer than usual
-- purpose: a feed that stopped looks like a quiet week; what did not arrive cannot be audited
-- needs: posted_on
-- about: source
-- params: score = 60, hours = null, domain = general, general = 48, inventory = 24, senior_living = 168,
--   fewest_days = 10, rhythm = 2
-- scores: $score (60): said in the report, never a flag. Allowed are $hours; when not set, the hours of the
--   $domain or of the source's own (48, inventory 24, senior_living 168), or $rhythm (2) times the longest of the source's usual gaps
--   between days with postings (19 of 20 are shorter; from $fewest_days days on), whichever is longer
-- history: 180
-- absolute: calendar
-- source: COSO (2013), principle 13 (timely information); DAMA-DMBOK2, chapter 13 (timeliness)
WITH day_seen AS (
    SELECT DISTINCT source, posted_day FROM txn WHERE posted_day <= $as_of_day
), gap AS (
    SELECT source, posted_day - lag(posted_day) OVER (PARTITION BY source ORDER BY posted_day) AS days FROM day_seen
), ranked AS (
    SELECT source, days, row_number() OVER (PARTITION BY source ORDER BY days) AS place,
           count(*) OVER (PARTITION BY source) AS n
    FROM gap
    WHERE days IS NOT NULL
), usual AS (
    SELECT source, max(days) AS days FROM ranked WHERE n >= $fewest_days AND place <= ceil(n * 0.95) GROUP BY source
), latest AS (
    SELECT d.source, max(d.posted_day) AS last_day, max(u.days) AS usual_days, max(o.domain) AS own_domain
    FROM day_seen d
    LEFT JOIN usual u ON u.source = d.source
    LEFT JOIN source_domain o ON o.source = d.source
    GROUP BY d.source
), allowed AS (
    SELECT source, $as_of_day - last_day AS days, coalesce(CAST($hours AS BIGINT), greatest(
               CASE coalesce(own_domain, $domain) WHEN 'inventory' THEN $inventory
                    WHEN 'senior_living' THEN $senior_living ELSE $general END,
               coalesce(24 * $rhythm * usual_days, 0))) AS most
    FROM latest
)
SELECT 'source:' || source AS row_key, $score AS score,
       'last posting ' || days || CASE WHEN days = 1 THEN ' day' ELSE ' days' END
           || CASE WHEN days >= 28 THEN ' (' || CAST(floor(days / 7.0) AS BIGINT) || ' weeks)' ELSE '' END
           || ' ago' AS observed,
       'within ' || CASE WHEN most % 24 <> 0 OR most < 48 THEN most || ' hours'
                         ELSE CAST(floor(most / 24.0) AS BIGINT) || ' days' END AS threshold,
       'source ' || source AS population
FROM allowed
WHERE 24 * days > most
