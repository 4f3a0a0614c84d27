-- break_statement: a settled period that does not tie; a payment that settles nothing; what is not billed yet
INSERT INTO break
WITH untied AS (
    SELECT right_id, count(*) AS charges, sum(covers) AS charged, min(difference) AS difference
    FROM claim WHERE difference <> 0 GROUP BY right_id
), unbilled AS (
    SELECT max_by(i.row_key, (o.day, o.tie)) AS row_key, max_by(i.txn_id, (o.day, o.tie)) AS txn_id,
           count(*) AS charges, sum(o.amount) AS amount, o.currency, min(o.day) AS day
    FROM open_left o JOIN item_left i ON i.rowid = o.id WHERE i.scope <> 'history' GROUP BY o.currency
)
SELECT $pair, 'statement', r.row_key, r.txn_id, 'statement_difference', r.amount, r.currency, u.difference, NULL,
       u.charges || ' rows of the period sum to ' || u.charged || ' minor units',
       $today - r.day
FROM untied u JOIN item_right r ON r.rowid = u.right_id AND r.scope <> 'history'
UNION ALL
SELECT $pair, 'right', i.row_key, i.txn_id, 'missing', o.amount, o.currency, o.amount, NULL,
       'no rows in the period that it would settle', $today - o.day
FROM open_right o JOIN item_right i ON i.rowid = o.id AND i.scope <> 'history'
UNION ALL
SELECT $pair, 'statement', row_key, txn_id, 'timing', amount, currency, amount, NULL,
       charges || ' rows since the last statement are not settled yet',
       $today - day
FROM unbilled
