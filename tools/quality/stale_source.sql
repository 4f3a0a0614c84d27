-- stale_source: nothing new has come from a source for longer than is usual
-- purpose: a feed that stopped looks like a quiet week; what did not arrive cannot be audited
-- needs: posted_on
-- about: source
-- params: score = 60, hours = null, domain = general, general = 48, inventory = 24, senior_living = 168,
--   fewest_days = 10, rhythm = 2
-- scores: $score (60): said in the report, never a flag. Allowed are $hours; when not set, the hours of the
--   $domain (48, inventory 24, senior_living 168), or $rhythm (2) times the longest of the source's usual gaps
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
    SELECT d.source, max(d.posted_day) AS last_day, max(u.days) AS usual_days
    FROM day_seen d
    LEFT JOIN usual u ON u.source = d.source
    GROUP BY d.source
), allowed AS (
    SELECT source, 24 * ($as_of_day - last_day) AS hours, coalesce(CAST($hours AS BIGINT), greatest(
               CASE $domain WHEN 'inventory' THEN $inventory WHEN 'senior_living' THEN $senior_living
                            ELSE $general END,
               coalesce(24 * $rhythm * usual_days, 0))) AS most
    FROM latest
)
SELECT 'source:' || source AS row_key, $score AS score, 'last posting ' || hours || ' hours ago' AS observed,
       'within ' || most || ' hours' AS threshold, 'source ' || source AS population
FROM allowed
WHERE hours > most
