-- benford_peak: the digits that a source has far too often, where it does not conform as a whole
-- purpose: the rows behind a verdict on a population
-- params: groups = 3, ratio = 1.5, z = 5.0
-- source: Nigrini, Benford's Law (2012), ch. 5 and 7: z with correction for continuity. Of each source the $groups
--   groups that deviate most, $ratio times as large as expected and more, at $z and more
-- with: benford, conformity
WITH deviating AS (
    SELECT b.source, b.currency, b.digits, b.d, b.observed, b.p * b.n AS expected, b.n,
           row_number() OVER (
               PARTITION BY b.source, b.currency, b.digits ORDER BY b.observed - b.p * b.n DESC, b.d
           ) AS place
    FROM benford b
    JOIN conformity c ON c.source = b.source AND c.currency = b.currency AND c.digits = b.digits AND c.deviates
    WHERE b.observed >= $ratio * b.p * b.n
        AND b.observed - b.p * b.n - 0.5 >= $z * sqrt(b.n * b.p * (1 - b.p))
)
SELECT source, currency, digits, d, observed, expected, n
FROM deviating
WHERE place <= $groups
