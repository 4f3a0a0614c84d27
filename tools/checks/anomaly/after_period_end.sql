-- after_period_end: posted into a period after its close
-- purpose: adjustments to results that were already known
-- needs: entered_on, posted_on
-- kinds: ledger
-- params: close_days = 10, usual_share = 0.05, usual_n = 10, score = 55, weak_score = 30
-- scores: weak: $score (55) when keyed more than $close_days business days after the period's end; $weak_score (30)
--   where more than $usual_share of the source (and more than $usual_n) is so late
-- absolute: calendar
-- source: ISA 240, 33(a) and A45 (adjustments at the end of a period); PCAOB AS 2401.61
WITH ends AS (
    SELECT period, max(business_day_number) AS business_day_number FROM calendar GROUP BY period
), late AS (
    SELECT t.row_key, t.source, p.period, e.business_day_number - n.business_day_number AS days
    FROM txn t
    JOIN calendar p ON p.day_number = t.posted_day
    JOIN calendar e ON e.day_number = t.entered_day
    JOIN ends n ON n.period = p.period
    WHERE t.kind = 'ledger' AND t.entered_day > t.posted_day
        AND e.business_day_number - n.business_day_number > $close_days
), usual AS (
    SELECT t.source, count(*) AS n, count(l.row_key) AS late_n
    FROM txn t
    LEFT JOIN late l ON l.row_key = t.row_key
    WHERE t.kind = 'ledger' AND t.entered_day IS NOT NULL
    GROUP BY t.source
)
SELECT l.row_key,
       CASE WHEN u.late_n <= $usual_n OR CAST(u.late_n AS DOUBLE) / u.n <= $usual_share THEN $score
            ELSE $weak_score END AS score,
       CAST(l.days AS VARCHAR) || ' business days after the end of ' || l.period AS observed,
       CAST($close_days AS VARCHAR) || ' business days' AS threshold,
       CAST(u.late_n AS VARCHAR) || ' of ' || CAST(u.n AS VARCHAR) || ' postings of ' || l.source AS population
FROM late l
JOIN usual u ON u.source = l.source
