-- off_day: how many postings each source has on weekends and on holidays; rate: of what it has on a business day, null
--   where it has nothing on any; busy_share: of these days, on which it posts at all
-- purpose: what is usual for a source is not odd
-- source: PCAOB AS 2401.61 (entries at unusual times, by the entity's own habits)
-- with: day_sort
WITH daily AS (
    SELECT source, posted_day, count(*) AS n
    FROM txn
    WHERE kind IN ('invoice', 'payment', 'ledger') AND posted_day IS NOT NULL
    GROUP BY source, posted_day
), span AS (
    SELECT source, min(posted_day) AS first_day, max(posted_day) AS last_day, sum(n) AS postings
    FROM daily
    GROUP BY source
), days AS (
    SELECT p.source, p.postings, s.sort, count(*) AS days, sum(coalesce(d.n, 0)) AS n,
           sum(CASE WHEN d.n > 0 THEN 1 ELSE 0 END) AS busy
    FROM span p
    JOIN day_sort s ON s.day_number BETWEEN p.first_day AND p.last_day
    LEFT JOIN daily d ON d.source = p.source AND d.posted_day = s.day_number
    GROUP BY p.source, p.postings, s.sort
)
SELECT o.source, o.sort, o.postings, o.n, CAST(o.busy AS DOUBLE) / o.days AS busy_share,
       CAST(o.n AS DOUBLE) * w.days / nullif(CAST(w.n AS DOUBLE) * o.days, 0) AS rate
FROM days o
LEFT JOIN days w ON w.source = o.source AND w.sort = 'open'
WHERE o.sort IN ('weekend', 'holiday')
