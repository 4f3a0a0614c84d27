-- break_statement: a settled period that does not tie, or could not for rows without amount or date; a period that nobody paid; rows without which their statement
--   ties; a payment that settles nothing; what is not billed yet
INSERT INTO break (pair, side, row_key, txn_id, reason, amount_minor, currency, difference_minor, nearest_key, why_not, age_days)
WITH untied AS (
    SELECT right_id, min(grouped) AS nth, count(*) AS charges, sum(covers) AS charged, min(difference) AS difference,
           sign(min(difference)) = sign(-sum(covers)) AS short
    FROM claim WHERE difference <> 0 GROUP BY right_id
), incomplete AS (
    SELECT posted_day AS day, amount_minor AS amount FROM posting
    WHERE source = $left AND (posted_day IS NULL OR amount_minor IS NULL)
    UNION ALL
    SELECT NULL, NULL FROM rejected WHERE source = $left
), lacking AS (
    SELECT u.right_id, count(i.day) AS blank, count(*) - count(i.day) AS undated,
           count(i.day) > 0 OR sum(abs(i.amount)) >= abs(min(u.difference)) OR min(o.unread) >= min(o.short) AS may_be_it
    FROM untied u
    CROSS JOIN (
        SELECT (SELECT count(*) FROM untied WHERE short) AS short,
               (SELECT count(*) FROM rejected WHERE source = $left) AS unread
    ) o
    JOIN period p ON p.nth = u.nth
    JOIN incomplete i ON i.day IS NULL OR (i.day > p.after AND i.day <= p.until)
    WHERE u.short
    GROUP BY u.right_id
), between_periods AS (
    SELECT paid, lag(until) OVER (ORDER BY nth) AS after, after AS until FROM period
), unpaid AS (
    SELECT o.id, o.amount, o.day, b.paid
    FROM between_periods b
    JOIN open o ON o.side = 0 AND o.day > b.after AND o.day <= b.until
    WHERE b.after < b.until
), skipped AS (
    SELECT u.paid, count(*) AS charges, sum(u.amount) AS amount, min(u.day) AS day,
           min(t.posted_on) AS since, max(t.posted_on) AS until
    FROM unpaid u JOIN posting t ON t.id = u.id
    GROUP BY u.paid
), unbilled AS (
    SELECT arg_max(t.row_key, (o.day, t.row_key)) AS row_key, arg_max(t.txn_id, (o.day, t.row_key)) AS txn_id,
           count(*) AS charges, sum(o.amount) AS amount, t.currency, min(o.day) AS day
    FROM open o JOIN posting t ON t.id = o.id
    ANTI JOIN unsettled u ON u.id = o.id
    ANTI JOIN unpaid p ON p.id = o.id
    WHERE o.side = 0 AND t.scope <> 'history'
    GROUP BY t.currency
)
SELECT $pair, 'statement', t.row_key, t.txn_id,
       CASE WHEN l.may_be_it THEN 'incomplete_statement' ELSE 'statement_difference' END, t.amount_minor, t.currency,
       u.difference, NULL, u.charges || ' rows of the period sum to ' || u.charged || ' minor units'
           || CASE WHEN l.may_be_it THEN '; ' || l.blank || ' of it have no amount, ' || l.undated || ' have no date or could not be read'
              ELSE '' END,
       $today - t.posted_day
FROM untied u
JOIN posting t ON t.id = u.right_id AND t.scope <> 'history'
LEFT JOIN lacking l ON l.right_id = u.right_id
UNION ALL
SELECT $pair, 'statement', t.row_key, t.txn_id, 'unpaid_statement', t.amount_minor, t.currency, s.amount, NULL,
       s.charges || ' rows from ' || s.since || ' to ' || s.until, $today - s.day
FROM skipped s
JOIN (SELECT day, min(id) AS id FROM item WHERE side = 1 GROUP BY day) r ON r.day = s.paid
JOIN posting t ON t.id = r.id AND t.scope <> 'history'
UNION ALL
SELECT $pair, 'left', t.row_key, t.txn_id, 'missing', t.amount_minor, t.currency, o.amount, NULL,
       'the payment of ' || r.posted_on || ' ties without these ' || u.n || ' rows, ' || u.which, $today - o.day
FROM unsettled u
JOIN open o ON o.side = 0 AND o.id = u.id
JOIN posting t ON t.id = u.id AND t.scope <> 'history'
JOIN posting r ON r.id = u.right_id
UNION ALL
SELECT $pair, 'right', t.row_key, t.txn_id, 'missing', t.amount_minor, t.currency, o.amount, NULL,
       'no rows in the period that it would settle', $today - o.day
FROM open o JOIN posting t ON t.id = o.id AND t.scope <> 'history'
WHERE o.side = 1
UNION ALL
SELECT $pair, 'statement', row_key, txn_id, 'timing', amount, currency, amount, NULL,
       charges || ' rows since the last statement are not settled yet', $today - day
FROM unbilled
