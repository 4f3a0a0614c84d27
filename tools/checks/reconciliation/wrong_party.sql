-- wrong_party: rows of one amount that name different parties
-- purpose: money booked to another customer or vendor than the one that paid or was paid; another vendor's
--   receipt
-- needs: pair.rows
-- params: score = 75
-- scores: $score (75): both names are known, and belong to other rows
-- source: ISA 240, A41 and appendix 1 (misappropriation); AICPA Audit Guide, cash (lapping)
SELECT b.row_key, $score AS score, b.why_not AS observed, 'the same party on both sides' AS threshold,
       coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.reason = 'wrong_party'
UNION ALL
SELECT m.left_key, $score, 'its match names another party',
       'the same party on both sides', coalesce(c.population, m.pair), m.right_key
FROM "match" m
LEFT JOIN compared c ON c.pair = m.pair AND c.side = 'matched'
WHERE m.difference_reason = 'wrong_party'
