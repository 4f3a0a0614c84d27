-- wrong_party: rows of one amount that name different parties
-- purpose: money booked to another customer or vendor than the one that paid or was paid; another vendor's
--   receipt
-- needs: pair.rows
-- params: score = 75
-- scores: $score (75): both names are known, and belong to other rows
-- source: ISA 240, A41 and appendix 1 (misappropriation); AICPA Audit Guide, cash (lapping)
SELECT b.row_key, $score AS score, b.why_not AS observed, 'the same party on both sides' AS threshold,
       b.pair || ', ' || b.side AS population, b.nearest_key AS partner_key
FROM "break" b
WHERE b.reason = 'wrong_party'
UNION ALL
SELECT m.left_key, $score, 'matched by ' || m.pass || ' with a row that names another party',
       'the same party on both sides', m.pair || ', matched', m.right_key
FROM "match" m
WHERE m.difference_reason = 'wrong_party'
