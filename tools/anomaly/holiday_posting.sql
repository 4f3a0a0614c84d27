-- holiday_posting: posted on a holiday
-- purpose: entries on the entity's holidays, where the source hardly ever has any: who works on a holiday may not
--   want to be seen; a source that posts on every day alike says nothing by it, nor do the last and first day of
--   a period, for which closing entries are dated whatever day that is
-- needs: posted_on
-- kinds: invoice, payment, ledger
-- params: score = 25, usual_share = 0.1, usual_n = 5
-- scores: $score (25): weak, a flag only together with others
-- source: ISA 240, A45; PCAOB AS 2401.61 (characteristics of fraudulent entries)
WITH daily AS (
    SELECT source, posted_day, count(*) AS n
    FROM txn
    WHERE kind IN ('invoice', 'payment', 'ledger') AND posted_day IS NOT NULL
    GROUP BY source, posted_day
), off AS (
    SELECT d.source, d.posted_day, d.n, coalesce(c.holiday_name, c.day_name) AS day_name,
           CASE WHEN c.is_holiday THEN 1 ELSE 0 END AS is_off
    FROM daily d
    JOIN calendar c ON c.day_number = d.posted_day
    LEFT JOIN calendar b ON b.day_number = d.posted_day - 1
    WHERE NOT coalesce(c.is_period_end, FALSE) AND NOT coalesce(b.is_period_end, FALSE)
), usual AS (
    SELECT source, sum(n) AS postings, sum(n * is_off) AS off_postings
    FROM off
    GROUP BY source
    HAVING sum(n * is_off) < $usual_n
        OR CAST(sum(n * is_off) AS DOUBLE) / sum(n) <= CAST($usual_share AS DOUBLE)
)
SELECT t.row_key, t.scope, $score AS score, o.day_name AS observed, 'no holiday' AS threshold,
       CAST(u.off_postings AS VARCHAR) || ' of ' || CAST(u.postings AS VARCHAR) || ' postings of ' || t.source
           || ' on such days' AS population
FROM txn t
JOIN off o ON o.source = t.source AND o.posted_day = t.posted_day AND o.is_off = 1
JOIN usual u ON u.source = t.source
WHERE t.kind IN ('invoice', 'payment', 'ledger')
