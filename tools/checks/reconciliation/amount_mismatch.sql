-- amount_mismatch: rows that belong together differ in amount, and nothing explains why
-- purpose: a sum changed on the way: paid more or less than owed or written, a digit wrong, a sign turned.
--   Discounts, agreed parts, fees and exchange differences explain themselves and are left alone
-- needs: pair.rows
-- params: score = 75, within_tolerance = 20
-- scores: $score (75): everything agrees but the amount; $within_tolerance (20): the pair's tolerance covers it
-- source: ISA 330, A45 (reperformance of a reconciliation); Nigrini, Forensic Analytics (2011), ch. 10
SELECT b.row_key, $score AS score, b.reason || ': ' || b.why_not AS observed,
       'equal amounts' AS threshold, coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.side IN ('left', 'right') AND b.reason IN ('amount', 'tolerance', 'digit', 'sign')
UNION ALL
SELECT m.left_key, CASE WHEN m.difference_reason = 'tolerance' THEN $within_tolerance ELSE $score END,
       m.difference_reason || ': ' || abs(m.difference_minor) || ' minor units '
           || CASE WHEN (l.amount_minor < 0) = (m.difference_minor < 0) THEN 'more' ELSE 'less' END || ' than its match',
       'equal amounts', coalesce(c.population, m.pair), m.right_key
FROM "match" m
JOIN txn l ON l.row_key = m.left_key
LEFT JOIN compared c ON c.pair = m.pair AND c.side = 'matched'
WHERE m.difference_reason IN ('amount', 'tolerance', 'digit', 'sign', 'overpayment', 'short_pay')
