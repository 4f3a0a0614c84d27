-- totals: what a bank account and its books come to, what is open of either, and what matches differ by
WITH differing AS (
    SELECT currency, sum(CASE WHEN $bank = 0 THEN difference ELSE -difference END) AS difference
    FROM (
        SELECT i.currency, CASE WHEN c.reason = 'fx' THEN i.amount ELSE c.difference END AS difference
        FROM claim c JOIN item i ON i.side = 0 AND i.id = c.left_id
        WHERE c.side IS NULL AND (c.difference <> 0 OR c.reason = 'fx')
        UNION ALL
        SELECT i.currency, -i.amount FROM claim c JOIN item i ON i.side = 1 AND i.id = c.right_id
        WHERE c.side IS NULL AND c.reason = 'fx'
    )
    GROUP BY currency
), moved AS (
    SELECT currency, sum(CASE WHEN side = $bank THEN amount ELSE 0 END) AS bank,
           sum(CASE WHEN side = $bank THEN 0 ELSE amount END) AS books
    FROM item GROUP BY currency
), left_open AS (
    SELECT currency, sum(CASE WHEN side <> $bank AND amount > 0 THEN amount ELSE 0 END) AS in_transit,
           sum(CASE WHEN side <> $bank AND amount < 0 THEN amount ELSE 0 END) AS outstanding,
           sum(CASE WHEN side = $bank THEN amount ELSE 0 END) AS unrecorded
    FROM open GROUP BY currency
)
SELECT CAST(m.currency AS BIGINT) AS code, CAST(m.bank AS BIGINT) AS bank, CAST(m.books AS BIGINT) AS books,
       CAST(coalesce(o.in_transit, 0) AS BIGINT) AS in_transit,
       CAST(coalesce(o.outstanding, 0) AS BIGINT) AS outstanding,
       CAST(coalesce(o.unrecorded, 0) AS BIGINT) AS unrecorded,
       CAST(coalesce(d.difference, 0) AS BIGINT) AS differing
FROM moved m
LEFT JOIN left_open o ON o.currency = m.currency
LEFT JOIN differing d ON d.currency = m.currency
ORDER BY m.currency
