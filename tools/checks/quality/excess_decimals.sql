-- excess_decimals: more decimals than the currency has
-- purpose: nobody is charged a fraction of a cent: the amount was computed or altered after the fact; it is
--   rounded half away from zero, and said
-- needs: amount_minor
-- params: score = 30
-- scores: $score (30): a hint
-- source: ISO 4217 (minor units); ISA 500, A31
SELECT row_key, scope, $score AS score, 'rounded to the minor unit of ' || currency AS observed,
       'no more decimals than the currency has' AS threshold, 'source ' || source AS population,
       'amount_minor' AS field
FROM txn
WHERE rounded
