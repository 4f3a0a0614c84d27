-- conformity: mean absolute deviation of each source's digits, and what Nigrini calls it
-- purpose: the verdict on a population, and what the tests by row hang on
-- source: Nigrini, Benford's Law (2012), table 7.1; expected MAD of a true Benford sample: sqrt(2 p (1 - p) / (pi n))
-- with: benford
WITH measured AS (
    SELECT source, currency, digits, n, orders, applies,
           avg(abs(CAST(observed AS DOUBLE) / n - p)) AS mad,
           avg(sqrt(2 * p * (1 - p) / (3.141592653589793 * n))) AS usual_mad
    FROM benford
    GROUP BY source, currency, digits, n, orders, applies
), bounds AS (
    SELECT digits, close, acceptable, marginal
    FROM (VALUES ('first', 0.006, 0.012, 0.015), ('second', 0.008, 0.010, 0.012),
                 ('first_two', 0.0012, 0.0018, 0.0022)) AS t(digits, close, acceptable, marginal)
)
SELECT m.source, m.currency, m.digits, m.n, m.orders, m.applies, m.mad, m.mad - m.usual_mad AS excess,
       CASE WHEN m.mad <= b.close THEN 'close conformity' WHEN m.mad <= b.acceptable THEN 'acceptable conformity'
            WHEN m.mad <= b.marginal THEN 'marginally acceptable conformity' ELSE 'nonconformity' END AS says,
       m.applies AND m.mad > b.marginal AND m.mad > 2 * m.usual_mad AS deviates
FROM measured m
JOIN bounds b ON b.digits = m.digits
