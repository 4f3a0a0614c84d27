-- transposed_digits: two amounts that differ in the order of two neighbouring digits
-- purpose: a keying error: 54 entered for 45. The difference is a multiple of nine
-- needs: pair.rows
-- params: score = 80
-- scores: $score (80): the digits themselves are compared, not only the nines
-- source: Nigrini, Forensic Analytics (2011), ch. 10; bank reconciliation practice ("divide by nine")
SELECT b.row_key, $score AS score, b.why_not AS observed, 'equal amounts' AS threshold,
       coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.reason = 'transposed_digits'
UNION ALL
SELECT m.left_key, $score, abs(m.difference_minor) || ' minor units '
           || CASE WHEN (l.amount_minor < 0) = (m.difference_minor < 0) THEN 'more' ELSE 'less' END || ' than its match', 'equal amounts',
       coalesce(c.population, m.pair), m.right_key
FROM "match" m
JOIN txn l ON l.row_key = m.left_key
LEFT JOIN compared c ON c.pair = m.pair AND c.side = 'matched'
WHERE m.difference_reason = 'transposed_digits'
