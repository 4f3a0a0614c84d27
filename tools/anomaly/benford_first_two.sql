-- benford_first_two: first two digits that this source has far too often
-- purpose: invented, split and repeated amounts crowd on digits that Benford's law gives fewer; the verdict on the
--   source as a whole is in the test's note
-- needs: amount_minor
-- kinds: card, invoice, payment, ledger
-- params: digits = first_two, groups = 3, ratio = 1.5, z = 5.0, score = 15
-- scores: weak: $score (15) for rows of the $groups groups that deviate most, where the source does not conform and
--   the group is $ratio times as large as expected and more
-- history: 400
-- source: Nigrini, Benford's Law (2012), ch. 5 and 7: MAD bounds; z with correction for continuity
-- with: conformity
-- verdict: benford_says
WITH deviating AS (
    SELECT b.source, b.currency, b.d, b.observed, b.p * b.n AS expected, b.n,
           row_number() OVER (PARTITION BY b.source, b.currency ORDER BY b.observed - b.p * b.n DESC, b.d) AS place
    FROM benford b
    JOIN conformity c ON c.source = b.source AND c.currency = b.currency AND c.digits = b.digits AND c.deviates
    WHERE b.digits = $digits AND b.observed >= $ratio * b.p * b.n
        AND b.observed - b.p * b.n - 0.5 >= $z * sqrt(b.n * b.p * (1 - b.p))
)
SELECT t.row_key, t.scope, $score AS score, 'first two digits ' || CAST(d.d AS VARCHAR) AS observed,
       CAST(CAST(d.expected AS DECIMAL(18, 0)) AS VARCHAR) || ' expected' AS threshold,
       CAST(d.observed AS VARCHAR) || ' of ' || CAST(d.n AS VARCHAR) || ' amounts of ' || d.source AS population
FROM txn t
JOIN deviating d ON d.source = t.source AND d.currency = t.currency AND d.place <= $groups
    AND d.d = CAST(substr(CAST(abs(t.amount_minor) AS VARCHAR) || '0', 1, 2) AS INTEGER)
WHERE t.amount_minor <> 0 AND (t.amount_minor > 0 OR t.kind = 'ledger')
