-- amount_against_account: an amount far from what its party has on an account of the ledger
-- purpose: where a ledger is all there is, a bill ten times as large as any other of its vendor, and a wage six times as
--   large as the person's own, stand there
-- needs: amount_minor, vendor_name, account
-- kinds: ledger
-- params: least_n = 8, least_spread = 0.05, prior_n = 10, strong_z = 5.0, strong_ratio = 3.0, alone_n = 2, score = 75
-- scores: $score (75) rising to 95 for a debit that is at least $strong_ratio times the median of its party on that account, whose z
--   passes what that many honest lines might reach (the larger of $strong_z and sqrt(2 ln lines), times 1 + 4/n), and near which at
--   most $alone_n of them come. Nothing where a register of invoices or payments is held against its vendors
-- history: 730
-- source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), as in amount_against_vendor
WITH line AS (
    SELECT t.row_key, t.scope, t.source, t.currency, t.account, coalesce(t.vendor_id, t.vendor_key) AS vendor,
           ln(CAST(t.amount_minor AS DOUBLE)) AS x
    FROM txn t
    WHERE t.kind = 'ledger' AND t.amount_minor > 0 AND t.account IS NOT NULL AND coalesce(t.vendor_id, t.vendor_key) IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM txn p WHERE p.kind IN ('invoice', 'payment'))
), own AS (
    SELECT source, currency, account, vendor, count(*) AS n, quantile_cont(x, [0.5, 0.75, 0.9]) AS q
    FROM line
    GROUP BY source, currency, account, vendor
    HAVING count(*) >= $least_n
), spread AS (
    SELECT source, currency, account, vendor, n, q[1] AS middle,
           greatest(q[2] - q[1], CASE WHEN n >= 20 THEN (q[3] - q[1]) * 0.5263 ELSE 0 END, $least_spread) AS up
    FROM own
), typical AS (
    SELECT source, currency, median(up) AS up, sqrt(2 * ln(sum(n))) AS luck FROM spread GROUP BY source, currency
), placed AS (
    SELECT l.row_key, l.scope, s.account, s.vendor, s.n, s.middle, l.x - s.middle AS distance,
           0.6745 * (l.x - s.middle) / greatest(s.up, (s.n * s.up + $prior_n * t.up) / (s.n + $prior_n)) AS z,
           greatest($strong_z, t.luck) * (1 + CAST(4 AS DOUBLE) / s.n) AS strong_z,
           count(*) OVER (
               PARTITION BY l.source, l.currency, l.account, l.vendor ORDER BY CAST(floor(l.x * 1000) AS BIGINT)
               RANGE BETWEEN 405 PRECEDING AND UNBOUNDED FOLLOWING
           ) AS as_large
    FROM line l
    JOIN spread s ON s.source = l.source AND s.currency = l.currency AND s.account = l.account AND s.vendor = l.vendor
    JOIN typical t ON t.source = l.source AND t.currency = l.currency
)
SELECT row_key, scope, $score + CAST(floor(least(20, 3 * (z - strong_z))) AS INTEGER) AS score,
       CAST(CAST(exp(least(distance, 27)) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || ' times the median of '
           || CAST(CAST(floor(exp(middle) + 0.5) AS BIGINT) AS VARCHAR) || ' minor units' AS observed,
       'less than ' || CAST(CAST($strong_ratio AS DECIMAL(18, 0)) AS VARCHAR) || ' times' AS threshold,
       CAST(n AS VARCHAR) || ' lines of ' || vendor || ' on account ' || account AS population
FROM placed
WHERE z >= strong_z AND distance >= ln($strong_ratio) AND as_large <= $alone_n
