-- repeated_amount: amounts that one vendor has more than once, and what would excuse that
-- purpose: payments twice are judged net of what came back and of what recurs
-- params: declared_days = 6, usual_share = 0.1, usual_n = 3
-- source: returned: postings of the negated amount. usual_days: from this gap on a repetition is the vendor's
--   rhythm (0.6 of its step) or declared as recurring. seldom: at most $usual_share of the vendor's other postings
--   (or $usual_n of them) repeat an amount
-- with: amount_count, vendor_activity, rhythm
WITH returned AS (
    SELECT kind, currency, coalesce(vendor_id, vendor_key) AS vendor, -amount_minor AS amount_minor, count(*) AS n
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor < 0
    GROUP BY kind, currency, coalesce(vendor_id, vendor_key), amount_minor
), habit AS (
    SELECT a.kind, a.currency, a.vendor, sum(a.n - 1) AS repeats
    FROM amount_count a
    GROUP BY a.kind, a.currency, a.vendor
), declared AS (
    SELECT DISTINCT coalesce(vendor_id, vendor_key) AS vendor
    FROM vendor
    WHERE lower(recurring) IN ('yes', 'y', 'true', '1')
)
SELECT a.kind, a.currency, a.vendor, a.amount_minor, a.n, coalesce(r.n, 0) AS returned,
       h.repeats - a.n + 1 <= greatest($usual_n, $usual_share * v.n) AS seldom,
       least(coalesce(0.6 * o.days, 100000), coalesce(0.6 * w.days, 100000),
             CASE WHEN d.vendor IS NULL THEN 100000 ELSE $declared_days END) AS usual_days
FROM amount_count a
JOIN habit h ON h.kind = a.kind AND h.currency = a.currency AND h.vendor = a.vendor
JOIN vendor_activity v ON v.kind = a.kind AND v.currency = a.currency AND v.vendor = a.vendor
LEFT JOIN returned r ON r.kind = a.kind AND r.currency = a.currency AND r.vendor = a.vendor
    AND r.amount_minor = a.amount_minor
LEFT JOIN rhythm o ON o.kind = a.kind AND o.currency = a.currency AND o.vendor = a.vendor
    AND o.amount_minor = a.amount_minor
LEFT JOIN rhythm w ON w.kind = a.kind AND w.currency = a.currency AND w.vendor = a.vendor
    AND w.amount_minor IS NULL
LEFT JOIN declared d ON d.vendor = a.vendor
