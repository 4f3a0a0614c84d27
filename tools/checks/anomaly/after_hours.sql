-- after_hours: posted at an hour when hardly anybody here posts
-- purpose: entries made when nobody looks on; a source that posts at all hours says nothing by it
-- needs: posted_hour
-- kinds: card, invoice, payment, ledger
-- params: opens = 6, closes = 21, score = 25, usual_share = 0.1, usual_n = 5
-- scores: $score (25): weak, a flag only together with others
-- source: ISA 240, A45; PCAOB AS 2401.61 (characteristics of fraudulent entries)
WITH hourly AS (
    SELECT source, posted_hour, count(*) AS n,
           CASE WHEN posted_hour >= $opens AND posted_hour < $closes THEN 0 ELSE 1 END AS is_late
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment', 'ledger') AND posted_hour IS NOT NULL
    GROUP BY source, posted_hour
), usual AS (
    SELECT source, sum(n) AS postings, sum(n * is_late) AS late_postings
    FROM hourly
    GROUP BY source
    HAVING sum(n * is_late) < $usual_n
        OR CAST(sum(n * is_late) AS DOUBLE) / sum(n) <= $usual_share
)
SELECT t.row_key, t.scope, $score AS score, CAST(t.posted_hour AS VARCHAR) || ' o''clock' AS observed,
       'from ' || CAST($opens AS VARCHAR) || ' to ' || CAST($closes AS VARCHAR) || ' o''clock' AS threshold,
       CAST(u.late_postings AS VARCHAR) || ' of ' || CAST(u.postings AS VARCHAR) || ' postings of ' || t.source
           || ' at such hours' AS population
FROM txn t
JOIN hourly h ON h.source = t.source AND h.posted_hour = t.posted_hour AND h.is_late = 1
JOIN usual u ON u.source = t.source
WHERE t.kind IN ('card', 'invoice', 'payment', 'ledger')
