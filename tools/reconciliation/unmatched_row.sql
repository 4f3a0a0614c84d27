-- unmatched_row: a row whose other side cannot be found
-- purpose: what one book tells and the other does not: a payment never entered, an entry never paid, the same
--   thing entered twice, or an amount that went to somebody else
-- params: score = 80
-- scores: $score (80): well past the days that clearing takes, with no candidate left
-- source: AU-C 505 and ISA 505 (external confirmations); bank reconciliation as in AICPA Audit Guide,
--   "Assessing and Responding to Audit Risk", cash
SELECT b.row_key, $score AS score, b.reason || ': ' || b.why_not AS observed,
       'a matching row on the other side' AS threshold, b.pair || ', ' || b.side AS population,
       b.nearest_key AS partner_key
FROM "break" b
WHERE b.side IN ('left', 'right') AND b.reason IN ('missing', 'duplicate', 'wrong_party', 'ambiguous')
