-- out_of_sequence: a date that its number contradicts
-- purpose: where a source numbers its documents as they come, a date weeks before or after those of the numbers on both
--   sides is a mistyped one, or a document held back: it puts the amount into another period
-- needs: txn_id, posted_on
-- kinds: card, receipt, invoice, payment
-- params: score = 75, weak_score = 40, fewest = 50, days = 7, usual_share = 0.01, most = 0.1, sampled = 10000,
--   sparse = 60
-- scores: $score (75) where the date is more than $days (7) days from the middle ones of the three numbers before and
--   of the three after, to the same side of both; $weak_score (40): weak, where more rows are out by fewer days, and
--   more than $usual_share (1%), as where documents come late; or where as many are dated early and hardly one late.
--   Only sequences (ids of one source with one prefix) of at least $fewest (50) rows, at most $most (10%) of them out,
--   where the six numbers beside it lie within $sparse (60) of the usual steps;
--   of sources of more than $sampled (10,000) rows only where one run of a hundred numbers in a hundred is in order
-- source: ISA 500, A31, and ISA 330, A47 (cut-off: numbers and dates of documents)
-- with: id_run
WITH large AS (
    SELECT source FROM id_run GROUP BY source HAVING sum(n) > $sampled
), tried AS (
    SELECT t.source, t.row_key, t.txn_id, t.posted_day, regexp_replace(t.txn_id, '[0-9]+$', '') AS prefix
    FROM txn t
    LEFT JOIN large l ON l.source = t.source
    WHERE t.kind IN ('card', 'receipt', 'invoice', 'payment') AND t.txn_id IS NOT NULL AND t.posted_day IS NOT NULL
      AND (l.source IS NULL OR substr(t.txn_id, length(t.txn_id) - 3, 2) = '37')
), stepped AS (
    SELECT source, posted_day < lag(posted_day) OVER (
               PARTITION BY source, prefix ORDER BY length(txn_id), txn_id, row_key
           ) AS back
    FROM tried
), in_order AS (
    SELECT source FROM stepped GROUP BY source HAVING sum(CASE WHEN back THEN 1 ELSE 0 END) <= 2 * $most * count(*)
), stem AS (
    SELECT t.row_key, t.scope, t.source, t.txn_id, t.posted_on, t.posted_day,
           regexp_replace(t.txn_id, '[0-9]+$', '') AS prefix
    FROM txn t
    JOIN in_order o ON o.source = t.source
    WHERE t.txn_id IS NOT NULL AND t.posted_day IS NOT NULL
), numbered AS (
    SELECT row_key, scope, source, posted_on, posted_day, prefix,
           CAST(substr(txn_id, length(prefix) + 1) AS BIGINT) AS number
    FROM stem
    WHERE length(txn_id) - length(prefix) BETWEEN 1 AND 15
), beside AS (
    SELECT *, lag(posted_day, 1) OVER upward AS b1, lag(posted_day, 2) OVER upward AS b2,
           lag(posted_day, 3) OVER upward AS b3, lead(posted_day, 1) OVER upward AS a1,
           lead(posted_day, 2) OVER upward AS a2, lead(posted_day, 3) OVER upward AS a3,
           number - lag(number) OVER upward AS step,
           coalesce(lead(number, 3) OVER upward, number) - coalesce(lag(number, 3) OVER upward, number) AS spread
    FROM numbered
    WINDOW upward AS (PARTITION BY source, prefix ORDER BY number, row_key)
), middle AS (
    SELECT row_key, scope, source, prefix, posted_on, posted_day, spread, step,
           b1 + b2 + b3 - greatest(b1, b2, b3) - least(b1, b2, b3) AS before,
           a1 + a2 + a3 - greatest(a1, a2, a3) - least(a1, a2, a3) AS after
    FROM beside
), away AS (
    -- The first of a sequence may well come long before the others, the last long after them.
    SELECT *,
           CASE WHEN posted_day > after AND posted_day > coalesce(before, after)
                THEN posted_day - greatest(after, coalesce(before, after)) ELSE 0 END AS late,
           CASE WHEN posted_day < before AND posted_day < coalesce(after, before)
                THEN least(before, coalesce(after, before)) - posted_day ELSE 0 END AS early
    FROM middle
), sequence AS (
    SELECT source, prefix, count(*) AS n, sum(CASE WHEN late > $days THEN 1 ELSE 0 END) AS late,
           sum(CASE WHEN early > $days THEN 1 ELSE 0 END) AS early,
           sum(CASE WHEN late + early BETWEEN 1 AND $days THEN 1 ELSE 0 END) AS near,
           median(step) AS step
    FROM away
    GROUP BY source, prefix
), usual AS (
    SELECT source, prefix, step,
           (near > late + early AND near > $usual_share * n) OR (early > $usual_share * n AND 4 * late < early) AS weak
    FROM sequence
    WHERE n >= $fewest AND near + late + early <= $most * n
)
SELECT a.row_key, a.scope, CASE WHEN u.weak THEN $weak_score ELSE $score END AS score,
       CAST(a.posted_on AS VARCHAR) || ', ' || CAST(a.late + a.early AS VARCHAR) || ' days '
           || CASE WHEN a.late > 0 THEN 'after' ELSE 'before' END || ' the numbers beside it' AS observed,
       'within ' || $days || ' days of them' AS threshold, 'source ' || a.source AS population, 'posted_on' AS field
FROM away a
JOIN usual u ON u.source = a.source AND u.prefix = a.prefix
WHERE a.late + a.early > $days AND a.spread <= $sparse * u.step
