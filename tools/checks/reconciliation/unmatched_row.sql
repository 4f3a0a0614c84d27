-- unmatched_row: a row without a counterpart in the other book
-- purpose: what one book tells and the other does not: a payment never entered, an entry never paid; or a row
--   that several others fit equally well; a payment that the bank returned and nobody took back
-- needs: pair.rows
-- params: score = 80, ambiguous = 75
-- scores: $score (80): past the days that clearing takes, with no candidate left; $ambiguous (75): candidates
--   are there, and none is better than the next
-- source: ISA 505 (external confirmations); AICPA Audit Guide, "Assessing and Responding to Audit Risk", cash
SELECT b.row_key, CASE WHEN b.reason = 'ambiguous' THEN $ambiguous ELSE $score END AS score,
       b.reason || ': ' || b.why_not AS observed, 'a matching row on the other side' AS threshold,
       coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.side IN ('left', 'right') AND b.reason IN ('missing', 'ambiguous', 'returned', 'later_period')
