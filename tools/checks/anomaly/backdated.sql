-- backdated: entered long after the day it is posted on
-- purpose: entries put back into an earlier period, where this source hardly ever has such delays
-- needs: entered_on, posted_on
-- kinds: ledger, payment
-- params: days = 30, usual_share = 0.02, usual_n = 10, score = 75, weak_score = 50
-- scores: $score (75) when a period lies closed between; $weak_score (50): weak, within one period or the next, and
--   where more than $usual_share of the source (and more than $usual_n) is so late
-- absolute: calendar
-- source: ISA 240, A45; PCAOB AS 2401.61
WITH late AS (
    SELECT t.row_key, t.source, t.entered_day - t.posted_day AS days, p.period AS posted_period,
           e.period AS entered_period
    FROM txn t
    JOIN calendar p ON p.day_number = t.posted_day
    JOIN calendar e ON e.day_number = t.entered_day
    WHERE t.kind IN ('ledger', 'payment') AND t.entered_day - t.posted_day > $days
), months AS (
    SELECT period, row_number() OVER (ORDER BY period) AS nth FROM calendar GROUP BY period
), usual AS (
    SELECT t.source, count(*) AS n, count(l.row_key) AS late_n
    FROM txn t
    LEFT JOIN late l ON l.row_key = t.row_key
    WHERE t.kind IN ('ledger', 'payment') AND t.entered_day IS NOT NULL
    GROUP BY t.source
)
SELECT l.row_key,
       CASE WHEN e.nth - p.nth > 1
                 AND (u.late_n <= $usual_n OR CAST(u.late_n AS DOUBLE) / u.n <= $usual_share)
            THEN $score ELSE $weak_score END AS score,
       'keyed ' || CAST(l.days AS VARCHAR) || ' days later' AS observed,
       'within ' || CAST($days AS VARCHAR) || ' days' AS threshold,
       CAST(u.late_n AS VARCHAR) || ' of ' || CAST(u.n AS VARCHAR) || ' postings of ' || l.source AS population
FROM late l
JOIN usual u ON u.source = l.source
JOIN months p ON p.period = l.posted_period
JOIN months e ON e.period = l.entered_period
