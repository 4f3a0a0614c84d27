-- weekend_posting: posted on a day when nobody here works
-- purpose: entries outside business days, where the source has hardly any: on such a day less than $usual_rate of
--   what it has on a business day. Not the last and first day of a period, for which closing entries are dated
--   whatever day that is
-- needs: posted_on
-- kinds: invoice, payment, ledger
-- params: score = 25, usual_rate = 0.2, usual_n = 5
-- scores: weak, a flag only together with others: $score (25)
-- source: ISA 240, A45; PCAOB AS 2401.61 (characteristics of fraudulent entries)
WITH daily AS (
    SELECT source, posted_day, count(*) AS n
    FROM txn
    WHERE kind IN ('invoice', 'payment', 'ledger') AND posted_day IS NOT NULL
    GROUP BY source, posted_day
), sorted AS (
    SELECT c.day_number, c.day_name AS name,
           CASE WHEN NOT c.is_business_day AND NOT c.is_holiday
                     AND NOT coalesce(c.is_period_end, FALSE) AND NOT coalesce(b.is_period_end, FALSE)
                THEN 1 ELSE 0 END AS is_off,
           CASE WHEN c.is_business_day THEN 1 ELSE 0 END AS is_open
    FROM calendar c
    LEFT JOIN calendar b ON b.day_number = c.day_number - 1
), span AS (
    SELECT d.source, d.first_day, d.last_day, sum(s.is_off) AS off_days, sum(s.is_open) AS open_days
    FROM (
        SELECT source, min(posted_day) AS first_day, max(posted_day) AS last_day FROM daily GROUP BY source
    ) d
    JOIN sorted s ON s.day_number BETWEEN d.first_day AND d.last_day
    GROUP BY d.source, d.first_day, d.last_day
), seldom AS (
    SELECT d.source, sum(d.n) AS postings, sum(d.n * s.is_off) AS off_postings
    FROM daily d
    JOIN sorted s ON s.day_number = d.posted_day
    JOIN span p ON p.source = d.source
    GROUP BY d.source, p.off_days, p.open_days
    HAVING sum(d.n * s.is_off) < $usual_n
        OR CAST(sum(d.n * s.is_off) AS DOUBLE) * p.open_days <= $usual_rate * sum(d.n * s.is_open) * p.off_days
)
SELECT t.row_key, t.scope, $score AS score, s.name AS observed, 'a business day' AS threshold,
       CAST(u.off_postings AS VARCHAR) || ' of ' || CAST(u.postings AS VARCHAR) || ' postings of ' || t.source
           || ' on such days' AS population
FROM txn t
JOIN sorted s ON s.day_number = t.posted_day AND s.is_off = 1
JOIN seldom u ON u.source = t.source
WHERE t.kind IN ('invoice', 'payment', 'ledger')
