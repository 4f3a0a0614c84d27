-- statement_difference: a statement whose rows do not sum to what was paid
-- purpose: one finding for the statement, on its payment, instead of one for each charge under it
-- needs: pair.statement
-- params: score = 80
-- scores: $score (80): the sum is arithmetic, not opinion
-- source: ISA 330, A45 (recalculation); AS 2305 (substantive analytical procedures)
SELECT b.row_key, $score AS score, 'difference ' || b.difference_minor || ' minor units: ' || b.why_not AS observed,
       'no difference' AS threshold, coalesce(c.said, b.pair) AS population
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.side = 'statement' AND b.reason = 'statement_difference'
