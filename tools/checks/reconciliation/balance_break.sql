-- balance_break: a running balance that does not follow from the line before
-- purpose: a line missing, added or changed in a statement: opening balance plus movements is closing balance
-- kinds: bank
-- needs: balance_minor
-- params: score = 80
-- scores: $score (80): arithmetic; the first line of an account has nothing to follow from
-- source: ISA 500, A31 (completeness and accuracy of bank statements); ISA 505
WITH line AS (
    SELECT t.row_key, t.source, coalesce(t.account, '') AS account, t.posted_day, t.amount_minor, t.balance_minor
    FROM txn t
    WHERE t.kind = 'bank' AND t.balance_minor IS NOT NULL AND t.amount_minor IS NOT NULL
), balance_of_line AS (
    SELECT DISTINCT source, account, balance_minor FROM line
), opening AS (
    SELECT source, account, min(posted_day) AS first_day FROM line GROUP BY source, account
), loose AS (
    SELECT l.row_key, l.source, l.account, l.posted_day, l.balance_minor - l.amount_minor AS expected
    FROM line l
    LEFT JOIN balance_of_line k ON k.source = l.source AND k.account = l.account
     AND k.balance_minor = l.balance_minor - l.amount_minor
    WHERE k.balance_minor IS NULL
), ranked AS (
    SELECT o.row_key, o.expected, p.first_day,
           row_number() OVER (PARTITION BY o.source, o.account ORDER BY o.posted_day, o.row_key) AS nth, o.posted_day
    FROM loose o
    JOIN opening p ON p.source = o.source AND p.account = o.account
)
SELECT r.row_key, $score AS score, 'no line closes at ' || r.expected || ' minor units' AS observed,
       'the balance of another line' AS threshold, 'lines with a balance' AS population
FROM ranked r
WHERE NOT (r.nth = 1 AND r.posted_day = r.first_day)
