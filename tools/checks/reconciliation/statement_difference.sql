-- statement_difference: a statement whose rows do not sum to what was paid, or that nobody paid
-- purpose: one finding for the statement, on its payment, instead of one for each charge under it; rows whose payment
--   is missing altogether are told on the payment that comes after them
-- needs: pair.statement
-- params: score = 80, incomplete = 60
-- scores: $score (80): the sum is arithmetic, not opinion; weak: $incomplete (60) where rows without amount or date,
--   which are told by themselves, may be the difference
-- source: ISA 330, A45 (recalculation); AS 2305 (substantive analytical procedures)
SELECT b.row_key, CASE WHEN b.reason = 'incomplete_statement' THEN $incomplete ELSE $score END AS score,
       CASE WHEN b.reason = 'unpaid_statement'
            THEN 'no payment of ' || b.difference_minor || ' minor units before it: ' || b.why_not
            ELSE 'difference ' || b.difference_minor || ' minor units: ' || b.why_not END AS observed,
       'no difference' AS threshold, coalesce(c.population, b.pair) AS population
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.side = 'statement' AND b.reason IN ('statement_difference', 'unpaid_statement', 'incomplete_statement')
