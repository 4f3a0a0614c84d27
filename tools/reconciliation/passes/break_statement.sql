-- break_statement: a settled period that does not tie; a payment that settles nothing; what is not billed yet
INSERT INTO break
WITH untied AS (
    SELECT right_id, count(*) AS charges, sum(covers) AS charged, min(difference) AS difference
    FROM claim WHERE difference <> 0 GROUP BY right_id
), unbilled AS (
    SELECT arg_max(t.row_key, (o.day, t.row_key)) AS row_key, arg_max(t.txn_id, (o.day, t.row_key)) AS txn_id,
           count(*) AS charges, sum(o.amount) AS amount, t.currency, min(o.day) AS day
    FROM open o JOIN posting t ON t.id = o.id
    WHERE o.side = 0 AND t.scope <> 'history'
    GROUP BY t.currency
)
SELECT $pair, 'statement', t.row_key, t.txn_id, 'statement_difference', t.amount_minor, t.currency, u.difference,
       NULL, u.charges || ' rows of the period sum to ' || u.charged || ' minor units', $today - t.posted_day
FROM untied u JOIN posting t ON t.id = u.right_id AND t.scope <> 'history'
UNION ALL
SELECT $pair, 'right', t.row_key, t.txn_id, 'missing', t.amount_minor, t.currency, o.amount, NULL,
       'no rows in the period that it would settle', $today - o.day
FROM open o JOIN posting t ON t.id = o.id AND t.scope <> 'history'
WHERE o.side = 1
UNION ALL
SELECT $pair, 'statement', row_key, txn_id, 'timing', amount, currency, amount, NULL,
       charges || ' rows since the last statement are not settled yet', $today - day
FROM unbilled
