-- roll_forward: each account of the trial balance from its first opening, through the journal, to its last closing
WITH journal AS (
    SELECT t.account, c.period, t.currency, sum(t.amount_minor) AS movement
    FROM posting t JOIN calendar c ON c.day_number = t.posted_day
    WHERE t.kind = 'ledger' AND t.account IS NOT NULL
    GROUP BY t.account, c.period, t.currency
)
SELECT b.account, b.currency, count(*) AS periods, arg_min(b.opening_minor, b.period) AS opening,
       CAST(sum(b.movement_minor) AS BIGINT) AS movement, CAST(sum(coalesce(j.movement, 0)) AS BIGINT) AS journal,
       arg_max(b.closing_minor, b.period) AS closing,
       CAST(arg_max(b.closing_minor, b.period) - arg_min(b.opening_minor, b.period) - sum(coalesce(j.movement, 0))
            AS BIGINT) AS difference
FROM trial_balance b
LEFT JOIN journal j ON j.account = b.account AND j.period = b.period AND j.currency = b.currency
GROUP BY b.account, b.currency
ORDER BY b.account, b.currency
