-- timing_item: a row that is still within its usual time to clear
-- purpose: outstanding checks, deposits in transit and charges not billed yet, kept in sight until they clear; rows
--   of a month before the other book begins, to be agreed to the last reconciliation; invoices that a bank does not
--   pay yet
-- needs: pair.rows
-- params: score = 10
-- scores: $score (10): the last days of a window never clear whole; it weighs only with something else
-- source: bank reconciliation practice (outstanding items); AICPA Audit Guide, cash, cutoff statements
SELECT b.row_key, $score AS score, b.why_not AS observed, 'cleared in the window' AS threshold,
       coalesce(c.population, b.pair) AS population, b.nearest_key AS partner_key
FROM "break" b
LEFT JOIN compared c ON c.pair = b.pair AND c.side = b.side
WHERE b.reason IN ('timing', 'prior_period', 'fee', 'interest', 'unpaid')
