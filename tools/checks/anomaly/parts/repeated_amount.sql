-- repeated_amount: amounts that one vendor has more than once, and what would excuse that
-- purpose: payments twice are judged net of what came back and of what recurs
-- params: declared_days = 6, usual_share = 0.1, usual_n = 3
-- source: returned: postings of the negated amount. usual_days: from this gap on a repetition is the vendor's
--   rhythm (0.6 of its step) or declared as recurring. seldom: at most $usual_share of the vendor's other postings
--   (or $usual_n of them) repeat an amount
-- with: amount_count, vendor_activity, rhythm
WITH returned AS (
    SELECT p.party, -t.amount_minor AS amount_minor, count(*) AS n
    FROM txn t
    JOIN party p ON p.kind = t.kind AND p.currency = t.currency
        AND p.vendor = coalesce(t.vendor_id, t.vendor_key, '')
    WHERE t.kind IN ('card', 'invoice', 'payment') AND t.amount_minor < 0
    GROUP BY p.party, t.amount_minor
), habit AS (
    SELECT party, sum(n - 1) AS repeats FROM amount_count GROUP BY party
), declared AS (
    SELECT DISTINCT coalesce(vendor_id, vendor_key) AS vendor
    FROM vendor
    WHERE recurring = 'yes'
)
SELECT a.party, v.kind, v.currency, v.vendor, a.amount_minor, a.n, coalesce(r.n, 0) AS returned,
       h.repeats - a.n + 1 <= greatest($usual_n, $usual_share * v.n) AS seldom,
       least(coalesce(0.6 * o.days, 100000), coalesce(0.6 * w.days, 100000),
             CASE WHEN d.vendor IS NULL THEN 100000 ELSE $declared_days END) AS usual_days
FROM amount_count a
JOIN habit h ON h.party = a.party
JOIN vendor_activity v ON v.party = a.party
LEFT JOIN returned r ON r.party = a.party AND r.amount_minor = a.amount_minor
LEFT JOIN rhythm o ON o.party = a.party AND o.amount_minor = a.amount_minor
LEFT JOIN rhythm w ON w.party = a.party AND w.amount_minor IS NULL
LEFT JOIN declared d ON d.vendor = v.vendor
