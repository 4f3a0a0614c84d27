-- amount_against_vendor: an amount far from what is usual for this vendor
-- purpose: keying errors such as a slipped decimal point, inflated or wrong charges: held against the vendor's
--   own amounts, with too few of those against its category's, else against all of its kind; a vendor that came late
--   and is not known for long has no usual of its own, nor does it say what is usual for others
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: z = 3.5, least_n = 8, least_spread = 0.05, prior_n = 10, strong_z = 5.0, strong_ratio = 3.0,
--   company = 0.02, both_n = 20, both_ratio = 10.0
-- scores: weak: 30 for an amount too small, 45 rising to 60 for one too large. 75 rising to 95 when z also passes
--   what that many honest rows might reach (the larger of $strong_z and sqrt(2 ln rows), times 1 + 4/n), the amount
--   is at least $strong_ratio times the median, and no more than $company (2%) of the group come near it; against all
--   of its kind only for a vendor that is new: see fresh_vendor. 75 also where but one at the vendor comes near it, and it
--   is $both_ratio times the median of the vendor and of its person, each with $both_n postings and more
-- history: 730
-- source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993): 0.6745 (x - median) / MAD over 3.5;
--   of logarithms, each side of the median with its own MAD (its quartile's distance), and with the 90th or 10th
--   percentile where n is 20 or more, lest skew pass for error; the spread of a small group is drawn to the
--   typical one as if by $prior_n rows
-- with: fresh_vendor, vendor_activity
WITH by_vendor AS (
    SELECT s.party, count(*) AS n, quantile_cont(ln(CAST(s.amount_minor AS DOUBLE)), [0.1, 0.25, 0.5, 0.75, 0.9]) AS q
    FROM spend s
    JOIN vendor_activity v ON v.party = s.party AND v.n >= $least_n
    LEFT JOIN fresh_vendor f ON f.party = s.party
    WHERE f.party IS NULL
    GROUP BY s.party
), peers AS (
    SELECT p.kind, p.currency, p.vendor, f.party IS NOT NULL AS fresh
    FROM party p
    LEFT JOIN by_vendor v ON v.party = p.party
    LEFT JOIN fresh_vendor f ON f.party = p.party
    WHERE v.party IS NULL
), rest AS (
    SELECT t.row_key, t.scope, t.kind, t.currency, t.category, ln(CAST(t.amount_minor AS DOUBLE)) AS x, o.fresh
    FROM txn t
    JOIN peers o ON o.kind = t.kind AND o.currency = t.currency
        AND o.vendor = coalesce(t.vendor_id, t.vendor_key, '')
    WHERE t.amount_minor > 0
), by_category AS (
    SELECT t.kind, t.currency, t.category, count(*) AS n,
           quantile_cont(ln(CAST(t.amount_minor AS DOUBLE)), [0.1, 0.25, 0.5, 0.75, 0.9]) AS q
    FROM txn t
    JOIN (SELECT DISTINCT kind, currency, category FROM rest) r
        ON r.kind = t.kind AND r.currency = t.currency AND r.category = t.category
    LEFT JOIN fresh_vendor f ON f.kind = t.kind AND f.currency = t.currency
        AND f.vendor = coalesce(t.vendor_id, t.vendor_key)
    WHERE t.amount_minor > 0 AND f.vendor IS NULL
    GROUP BY t.kind, t.currency, t.category
    HAVING count(*) >= $least_n
), by_kind AS (
    SELECT p.kind, p.currency, count(*) AS n,
           quantile_cont(ln(CAST(s.amount_minor AS DOUBLE)), [0.1, 0.25, 0.5, 0.75, 0.9]) AS q
    FROM spend s
    JOIN party p ON p.party = s.party
    JOIN (SELECT DISTINCT kind, currency FROM rest) r ON r.kind = p.kind AND r.currency = p.currency
    LEFT JOIN fresh_vendor f ON f.party = s.party
    WHERE f.party IS NULL
    GROUP BY p.kind, p.currency
    HAVING count(*) >= $least_n
), banded AS (
    SELECT 1 AS level, p.kind, p.currency, p.vendor AS name, v.party, v.n, v.q
    FROM by_vendor v
    JOIN party p ON p.party = v.party
    UNION ALL
    SELECT 2, kind, currency, category, 0, n, q FROM by_category
    UNION ALL
    SELECT 3, kind, currency, '', 0, n, q FROM by_kind
), spread AS (
    SELECT level, kind, currency, name, party, n, q[3] AS middle,
           greatest(q[4] - q[3], CASE WHEN n >= 20 THEN (q[5] - q[3]) * 0.5263 ELSE 0 END, $least_spread) AS up,
           greatest(q[3] - q[2], CASE WHEN n >= 20 THEN (q[3] - q[1]) * 0.5263 ELSE 0 END, $least_spread) AS down
    FROM banded
), typical AS (
    SELECT level, kind, currency, median(up) AS up, median(down) AS down, sqrt(2 * ln(sum(n))) AS luck
    FROM spread
    GROUP BY level, kind, currency
), bounds AS (
    SELECT s.level, s.kind, s.currency, s.name, s.party, s.n, s.middle,
           greatest(s.up, (s.n * s.up + $prior_n * t.up) / (s.n + $prior_n)) AS up,
           greatest(s.down, (s.n * s.down + $prior_n * t.down) / (s.n + $prior_n)) AS down,
           greatest($strong_z, t.luck) * (1 + CAST(4 AS DOUBLE) / s.n) AS strong_z
    FROM spread s
    JOIN typical t ON t.level = s.level AND t.kind = s.kind AND t.currency = s.currency
), placed AS (
    SELECT s.row_key, CASE WHEN s.inside THEN 'window' ELSE '' END AS scope, FALSE AS fresh,
           ln(CAST(s.amount_minor AS DOUBLE)) AS x, b.level, b.kind, b.currency, b.name, b.n, b.middle, b.up, b.down,
           b.strong_z
    FROM spend s
    JOIN bounds b ON b.level = 1 AND b.party = s.party
    UNION ALL
    SELECT r.row_key, r.scope, r.fresh, r.x, b.level, b.kind, b.currency, b.name, b.n, b.middle, b.up, b.down, b.strong_z
    FROM rest r
    LEFT JOIN by_category c ON c.kind = r.kind AND c.currency = r.currency AND c.category = r.category
    JOIN bounds b ON b.level = CASE WHEN c.category IS NULL THEN 3 ELSE 2 END AND b.kind = r.kind
        AND b.currency = r.currency AND b.name = coalesce(c.category, '')
), far AS (
    SELECT row_key, scope, kind, level, name, fresh, n, strong_z, x - middle AS distance, middle,
           0.6745 * (x - middle) / CASE WHEN x >= middle THEN up ELSE down END AS z,
           sum(CASE WHEN fresh THEN 0 ELSE 1 END) OVER (
               PARTITION BY level, kind, currency, name ORDER BY CAST(floor(x * 1000) AS BIGINT)
               RANGE BETWEEN 405 PRECEDING AND UNBOUNDED FOLLOWING
           ) AS as_large
    FROM placed
    WHERE x >= middle + $z * up / 0.6745 - 0.406 OR x <= middle - $z * down / 0.6745
), judged AS (
    SELECT row_key, scope, kind, level, name, n, distance, middle, CAST(z + 0.000001 AS DECIMAL(18, 2)) AS z, strong_z,
           (level < 3 OR fresh) AND z >= strong_z AND distance >= ln($strong_ratio)
               AND as_large <= greatest(3, $company * n) AS is_strong,
           level = 1 AND z >= $z AND n >= $both_n AND distance >= ln($both_ratio) AND as_large <= 2 AS stands_alone
    FROM far
    WHERE z >= $z OR z <= -$z
), payer AS (
    SELECT j.row_key, t.kind, t.currency, t.amount_minor, coalesce(t.person_id, t.person_name, t.card_last4) AS person
    FROM judged j
    JOIN txn t ON t.row_key = j.row_key
    WHERE j.stands_alone AND NOT j.is_strong AND coalesce(t.person_id, t.person_name, t.card_last4) IS NOT NULL
), both_sides AS (
    SELECT p.row_key
    FROM payer p
    JOIN txn t ON t.kind = p.kind AND t.currency = p.currency
        AND coalesce(t.person_id, t.person_name, t.card_last4) = p.person
    WHERE t.amount_minor > 0
    GROUP BY p.row_key, p.amount_minor
    HAVING count(*) >= $both_n AND p.amount_minor >= $both_ratio * quantile_cont(t.amount_minor, 0.5)
)
SELECT j.row_key, j.scope,
       CASE WHEN z < 0 THEN 30
            WHEN is_strong THEN 75 + CAST(floor(least(20, 3 * (z - strong_z))) AS INTEGER)
            WHEN b.row_key IS NOT NULL THEN 75
            ELSE 45 + CAST(floor(least(15, 3 * (z - $z))) AS INTEGER) END AS score,
       CAST(CAST(exp(least(distance, 27)) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || ' times the median of '
           || CAST(CAST(floor(exp(middle) + 0.5) AS BIGINT) AS VARCHAR) || ' minor units, z ' || CAST(z AS VARCHAR) AS observed,
       'z within ' || CAST(CAST($z AS DECIMAL(18, 2)) AS VARCHAR) AS threshold,
       CAST(n AS VARCHAR) || ' postings of '
           || CASE level WHEN 1 THEN 'vendor ' || name WHEN 2 THEN 'category ' || name ELSE 'kind ' || kind END
           AS population
FROM judged j
LEFT JOIN both_sides b ON b.row_key = j.row_key
