-- What moved within a year in the entity's currency: a shorter book counts for a year, a longer one for its last.
-- What is dated after the day of the audit is a slip of a year's digit, and would put the books' end there.
WITH span AS (
    SELECT max(posted_day) AS until, greatest(30, least(365, max(posted_day) - min(posted_day) + 1)) AS days
    FROM txn WHERE kind IN ('bank', 'card', 'payment', 'ledger') AND posted_day <= $as_of_day
), moved AS (
    SELECT t.kind, t.amount_minor, s.days
    FROM txn t JOIN span s ON t.posted_day > s.until - 365 AND t.posted_day <= s.until
    WHERE t.currency = $currency AND t.kind IN ('bank', 'card', 'payment', 'ledger')
)
SELECT count(*) AS rows,
       CAST(sum(CASE WHEN kind = 'bank' AND amount_minor > 0 THEN amount_minor ELSE 0 END) * CAST(365 AS DOUBLE) / max(days) AS BIGINT)
           AS turnover,
       CAST(CASE WHEN sum(CASE WHEN kind IN ('card', 'payment') THEN 1 ELSE 0 END) > 0
                 THEN sum(CASE WHEN kind IN ('card', 'payment') AND amount_minor > 0 THEN amount_minor ELSE 0 END)
                 ELSE sum(CASE WHEN kind IN ('bank', 'ledger') AND amount_minor < 0 THEN -amount_minor ELSE 0 END) END
            * CAST(365 AS DOUBLE) / max(days) AS BIGINT) AS outflows
FROM moved
