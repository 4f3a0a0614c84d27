-- amount_outside_sigma: more than 2.5 standard deviations from the vendor's mean
-- purpose: the classic test, for whoever has to show it; amount_against_vendor withstands outliers and skew better
-- needs: amount_minor
-- kinds: card, invoice, payment
-- params: enabled = false, sigma = 2.5, least_n = 5, score = 45
-- scores: weak: $score (45)
-- history: 730
-- source: ISA 520 (analytical procedures); mean and sample standard deviation of all of the vendor's amounts
WITH usual AS (
    SELECT kind, currency, coalesce(vendor_id, vendor_key) AS vendor, count(*) AS n,
           avg(CAST(amount_minor AS DOUBLE)) AS middle, stddev_samp(CAST(amount_minor AS DOUBLE)) AS deviation
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND coalesce(vendor_id, vendor_key) IS NOT NULL
    GROUP BY kind, currency, coalesce(vendor_id, vendor_key)
    HAVING count(*) >= $least_n AND stddev_samp(CAST(amount_minor AS DOUBLE)) > 0
)
SELECT t.row_key, t.scope, $score AS score,
       CAST(CAST((t.amount_minor - u.middle) / u.deviation AS DECIMAL(18, 2)) AS VARCHAR) || ' sigma' AS observed,
       'within ' || CAST(CAST($sigma AS DECIMAL(18, 2)) AS VARCHAR) || ' sigma of the mean of '
           || CAST(CAST(floor(u.middle + 0.5) AS BIGINT) AS VARCHAR) || ' minor units' AS threshold,
       CAST(u.n AS VARCHAR) || ' amounts of vendor ' || u.vendor AS population
FROM txn t
JOIN usual u ON u.kind = t.kind AND u.currency = t.currency AND u.vendor = coalesce(t.vendor_id, t.vendor_key)
WHERE t.amount_minor > 0 AND abs(t.amount_minor - u.middle) > $sigma * u.deviation
