-- new_vendor_large_payment: a large payment to a new vendor
-- purpose: shell companies start with a large invoice, and more of them follow soon: each one within $new_days days of
--   the first, held against what vendors are paid that are not new
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: new_days = 90, settle_days = 180, quantile = 0.95, least_n = 20, score = 60, weak_score = 45
-- scores: weak: $score (60) where the vendor master says that it was set up within $new_days days, $weak_score (45)
--   where only the books do (it is first seen $settle_days days after they begin)
-- history: 400
-- source: ACFE, Fraud Examiners Manual (shell companies); ISA 240, appendix 3
-- with: fresh_vendor, vendor_activity
WITH paying AS (
    SELECT CASE WHEN max(CASE WHEN kind = 'payment' THEN 1 ELSE 0 END) = 1 THEN 'invoice' ELSE '' END AS leave_out
    FROM vendor_activity
), scale AS (
    SELECT w.kind, w.currency, count(*) AS n, quantile_cont(t.posted_day, 0.001) AS since,
           quantile_cont(t.amount_minor, $quantile) AS large
    FROM spend t
    JOIN party w ON w.party = t.party
    JOIN paying p ON p.leave_out <> w.kind
    LEFT JOIN fresh_vendor f ON f.party = t.party
    WHERE t.posted_day IS NOT NULL AND f.party IS NULL
    GROUP BY w.kind, w.currency
    HAVING count(*) >= $least_n
), master AS (
    SELECT v.vendor_id, v.vendor_key, coalesce(c.day_number, 0) AS created_day
    FROM vendor v
    LEFT JOIN calendar c ON c.day = v.created_on
    WHERE v.created_on IS NOT NULL
), opened AS (
    SELECT t.row_key, a.kind, t.amount_minor, a.vendor, s.n, s.large,
           a.first_day - coalesce(m.created_day, k.created_day) AS age, t.posted_day - a.first_day AS since_first
    FROM vendor_activity a
    JOIN scale s ON s.kind = a.kind AND s.currency = a.currency
    JOIN spend t ON t.party = a.party AND t.posted_day <= a.first_day + $new_days AND t.amount_minor - s.large >= 0
    LEFT JOIN master m ON m.vendor_id = a.vendor
    LEFT JOIN master k ON k.vendor_key = a.vendor AND m.vendor_id IS NULL
    WHERE a.first_day - coalesce(m.created_day, k.created_day) <= $new_days
        OR (m.vendor_id IS NULL AND k.vendor_key IS NULL AND a.first_day - s.since >= $settle_days)
)
SELECT row_key, CASE WHEN age IS NULL THEN $weak_score ELSE $score END AS score,
       CASE WHEN since_first = 0 THEN 'first posting'
            ELSE CAST(since_first AS VARCHAR) || ' days after the first posting' END
           || CASE WHEN age IS NULL THEN ' of this vendor'
                   ELSE ', which came ' || CAST(age AS VARCHAR) || ' days after it was set up' END AS observed,
       'below the ' || CAST(CAST(floor(100 * $quantile + 0.5) AS INTEGER) AS VARCHAR) || 'th percentile, '
           || CAST(CAST(floor(large + 0.5) AS BIGINT) AS VARCHAR) || ' minor units' AS threshold,
       CAST(n AS VARCHAR) || ' postings of kind ' || kind AS population
FROM opened
