-- balances: each account of a source: the balance that no line closes with, the one that none opens with
WITH line AS (
    SELECT coalesce(t.account, '') AS account, t.currency, t.posted_day, t.amount_minor,
           t.balance_minor AS closes, t.balance_minor - t.amount_minor AS opens
    FROM posting t
    WHERE t.source = $source AND t.amount_minor IS NOT NULL AND t.posted_day IS NOT NULL
), stood AS (
    SELECT account, currency, opens AS balance, 1 AS opened, 0 AS closed, posted_day FROM line
    UNION ALL
    SELECT account, currency, closes, 0, 1, posted_day FROM line
), loose AS (
    SELECT account, currency, balance, sum(opened) - sum(closed) AS over, min(posted_day) AS first_day,
           max(posted_day) AS last_day
    FROM stood WHERE balance IS NOT NULL
    GROUP BY account, currency, balance
    HAVING sum(opened) <> sum(closed)
), ends AS (
    SELECT account, currency, arg_min(balance, (first_day, balance)) FILTER (over > 0) AS opening,
           arg_max(balance, (last_day, balance)) FILTER (over < 0) AS closing
    FROM loose GROUP BY account, currency
), moved AS (
    SELECT account, currency, CAST(sum(amount_minor) AS BIGINT) AS movements FROM line GROUP BY account, currency
)
SELECT e.account, e.currency, e.opening, m.movements, e.closing
FROM ends e JOIN moved m ON m.account = e.account AND m.currency = e.currency
WHERE e.opening IS NOT NULL AND e.closing IS NOT NULL
ORDER BY e.account, e.currency
