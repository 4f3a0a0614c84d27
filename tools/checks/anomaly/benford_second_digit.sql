-- benford_second_digit: a second digit far too common in this source
-- purpose: invented, split and repeated amounts crowd on digits that Benford's law gives fewer; the verdict on the
--   source as a whole is in the test's note
-- needs: amount_minor
-- kinds: card, invoice, payment, ledger
-- params: digits = second, score = 10
-- scores: weak: $score (10) for rows of the groups that deviate most, where the source does not conform (part
--   benford_peak)
-- history: 400
-- source: Nigrini, Benford's Law (2012), ch. 5 and 7: MAD bounds; z with correction for continuity
-- with: benford_peak
-- verdict: benford_says
SELECT t.row_key, t.scope, $score AS score, 'second digit ' || CAST(p.d AS VARCHAR) AS observed,
       CAST(CAST(p.expected AS DECIMAL(18, 0)) AS VARCHAR) || ' expected' AS threshold,
       CAST(p.observed AS VARCHAR) || ' of ' || CAST(p.n AS VARCHAR) || ' amounts of ' || p.source AS population
FROM txn t
JOIN benford_peak p ON p.source = t.source AND p.currency = t.currency AND p.digits = $digits
    AND p.d = CAST(substr(CAST(abs(t.amount_minor) AS VARCHAR) || '0', 2, 1) AS INTEGER)
WHERE t.amount_minor <> 0 AND (t.amount_minor > 0 OR t.kind = 'ledger')
