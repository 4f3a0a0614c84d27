-- implausible_amount: zero, or more than this entity could ever pay
-- purpose: a posting of nothing, or one with a slipped decimal point, an id or a date in the amount's column
-- needs: amount_minor
-- params: score = 90, zero_score = 30, most_minor = 1000000000000
-- scores: $score (90) beyond $most_minor (in minor units); $zero_score (30) for zero
-- absolute: money
-- source: DAMA-DMBOK2, chapter 13 (reasonableness)
SELECT row_key, scope, CASE WHEN amount_minor = 0 THEN $zero_score ELSE $score END AS score,
       amount_minor || ' minor units' AS observed, 'up to ' || $most_minor || ' minor units, not zero' AS threshold,
       'source ' || source AS population, 'amount_minor' AS field
FROM txn
WHERE amount_minor = 0 OR amount_minor > $most_minor OR amount_minor < -$most_minor
