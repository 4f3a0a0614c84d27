-- duplicate_payment: paid twice, or invoiced twice
-- purpose: money that left, or would leave, twice: the same invoice again, the same under a number written
--   otherwise, the same to another vendor, or the same amount again within weeks; net of reversals, of parts paid
--   on one invoice, and of what recurs, by its own rhythm or as declared
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: days = 30, near_days = 7, rhythm_n = 4, rhythm_share = 0.7, declared_gap = 6, usual_repeats = 0.05,
--   common_number = 2
-- scores: 95 same vendor, invoice number and amount; 88 but for punctuation, leading zeros or "INV"; 75 but for a
--   letter added, at a vendor whose amounts hardly ever repeat ($usual_repeats), else 50. 80 same invoice number,
--   date and amount to another vendor, 45 when more than $common_number vendors use that number. Same vendor and
--   amount within $days days where amounts hardly ever repeat: weak, 40, or 55 within $near_days days; 75 if it is
--   near, odd (no multiple of ten) and neither payment or invoice has a number
-- history: 400
-- source: ACFE, Fraud Examiners Manual (billing schemes); Nigrini, Forensic Analytics (2011), ch. 12
--   (same-same-same and same-same-different); IDEA and ACL, payables tests
WITH paid AS (
    SELECT row_key, scope, kind, currency, coalesce(vendor_id, vendor_key) AS vendor, amount_minor, posted_day,
           invoice_no
    FROM txn
    WHERE kind IN ('card', 'invoice', 'payment') AND amount_minor > 0 AND posted_day IS NOT NULL
        AND coalesce(lower(status), '') NOT IN ('void', 'voided', 'reversed', 'canceled', 'cancelled')
), again AS (
    SELECT kind, currency, vendor, amount_minor, count(*) AS n
    FROM paid
    WHERE vendor IS NOT NULL
    GROUP BY kind, currency, vendor, amount_minor
    HAVING count(*) > 1
), habit AS (
    SELECT v.kind, v.currency, v.vendor, v.n, r.repeats
    FROM (SELECT kind, currency, vendor, count(*) AS n FROM paid GROUP BY kind, currency, vendor) v
    JOIN (
        SELECT kind, currency, vendor, sum(n - 1) AS repeats FROM again GROUP BY kind, currency, vendor
    ) r ON r.kind = v.kind AND r.currency = v.currency AND r.vendor = v.vendor
), numbered AS (
    SELECT p.*, a.n AS alike, CAST(h.repeats - 1 AS DOUBLE) / h.n <= $usual_repeats AS seldom,
           nullif(ltrim(ltrim(translate(upper(p.invoice_no), ' -/.#_:', ''), 'INV'), '0'), '') AS number
    FROM paid p
    JOIN again a ON a.kind = p.kind AND a.currency = p.currency AND a.vendor = p.vendor
        AND a.amount_minor = p.amount_minor
    JOIN habit h ON h.kind = p.kind AND h.currency = p.currency AND h.vendor = p.vendor
    WHERE p.invoice_no IS NOT NULL OR CAST(h.repeats - 1 AS DOUBLE) / h.n <= $usual_repeats
), rooted AS (
    SELECT *, CASE WHEN length(number) > 3 AND right(number, 1) BETWEEN 'A' AND 'Z'
                   THEN substr(number, 1, length(number) - 1) ELSE number END AS root
    FROM numbered
), stepped AS (
    SELECT *,
           lag(row_key) OVER by_day AS day_key, lag(scope) OVER by_day AS day_scope,
           posted_day - lag(posted_day) OVER by_day AS gap, lag(invoice_no) OVER by_day AS day_no,
           row_number() OVER by_day AS day_nth,
           lag(row_key) OVER by_root AS root_key, lag(scope) OVER by_root AS root_scope,
           posted_day - lag(posted_day) OVER by_root AS root_gap, lag(number) OVER by_root AS root_number,
           lag(invoice_no) OVER by_root AS root_no, row_number() OVER by_root AS root_nth
    FROM rooted
    WINDOW by_day AS (PARTITION BY kind, currency, vendor, amount_minor ORDER BY posted_day, row_key),
           by_root AS (PARTITION BY kind, currency, vendor, amount_minor, root ORDER BY number, posted_day, row_key)
), pair AS (
    SELECT row_key, scope, kind, currency, vendor, amount_minor, invoice_no, root_key AS other_key,
           root_scope AS other_scope, root_gap AS gap, root_nth AS nth, seldom,
           CASE WHEN root_no = invoice_no THEN 1 WHEN root_number = number THEN 2 ELSE 3 END AS form
    FROM stepped
    WHERE number IS NOT NULL AND root_key IS NOT NULL AND (root_number = number OR root_number = root)
    UNION ALL
    SELECT row_key, scope, kind, currency, vendor, amount_minor, invoice_no, day_key, day_scope, gap, day_nth, seldom,
           CASE WHEN gap <= $near_days AND invoice_no IS NULL AND day_no IS NULL AND kind <> 'card'
                     AND amount_minor % 1000 <> 0 THEN 5
                WHEN gap <= $near_days THEN 6 ELSE 7 END
    FROM stepped
    WHERE seldom AND gap <= $days AND (root IS NULL OR root_key IS NULL OR NOT root_number = number)
), concerned AS (
    SELECT DISTINCT kind, currency, vendor, amount_minor FROM pair
), taken_back AS (
    SELECT c.kind, c.currency, c.vendor, c.amount_minor, count(*) AS n
    FROM txn t
    JOIN concerned c ON c.kind = t.kind AND c.currency = t.currency
        AND c.vendor = coalesce(t.vendor_id, t.vendor_key) AND c.amount_minor = -t.amount_minor
    WHERE t.amount_minor < 0
    GROUP BY c.kind, c.currency, c.vendor, c.amount_minor
), beat AS (
    SELECT s.kind, s.currency, s.vendor, s.amount_minor, median(s.gap) AS days
    FROM stepped s
    JOIN concerned c ON c.kind = s.kind AND c.currency = s.currency AND c.vendor = s.vendor
        AND c.amount_minor = s.amount_minor
    WHERE s.alike >= $rhythm_n AND s.gap IS NOT NULL
    GROUP BY s.kind, s.currency, s.vendor, s.amount_minor
), rhythm AS (
    SELECT b.kind, b.currency, b.vendor, b.amount_minor, b.days
    FROM beat b
    JOIN stepped s ON s.kind = b.kind AND s.currency = b.currency AND s.vendor = b.vendor
        AND s.amount_minor = b.amount_minor
    WHERE s.gap IS NOT NULL AND b.days >= 1
    GROUP BY b.kind, b.currency, b.vendor, b.amount_minor, b.days
    HAVING avg(CASE WHEN abs(s.gap - b.days) <= 1 + b.days / 5 THEN 1.0 ELSE 0.0 END) >= $rhythm_share
), billed AS (
    SELECT p.currency, p.vendor, p.invoice_no, i.total, sum(t.amount_minor) AS paid
    FROM (SELECT DISTINCT currency, vendor, invoice_no FROM pair WHERE kind = 'payment' AND form = 1) p
    JOIN (
        SELECT currency, vendor, invoice_no, sum(amount_minor) AS total
        FROM paid WHERE kind = 'invoice' GROUP BY currency, vendor, invoice_no
    ) i ON i.currency = p.currency AND i.vendor = p.vendor AND i.invoice_no = p.invoice_no
    JOIN paid t ON t.kind = 'payment' AND t.currency = p.currency AND t.vendor = p.vendor
        AND t.invoice_no = p.invoice_no
    GROUP BY p.currency, p.vendor, p.invoice_no, i.total
), declared AS (
    SELECT DISTINCT coalesce(vendor_id, vendor_key) AS vendor
    FROM vendor
    WHERE lower(recurring) IN ('yes', 'y', 'true', '1')
), elsewhere AS (
    SELECT kind, currency, posted_day, invoice_no, amount_minor
    FROM paid
    WHERE kind IN ('invoice', 'payment') AND invoice_no IS NOT NULL AND vendor IS NOT NULL
    GROUP BY kind, currency, posted_day, invoice_no, amount_minor
    HAVING min(vendor) <> max(vendor)
), crossing AS (
    SELECT p.*, lag(p.row_key) OVER parties AS other_key, lag(p.scope) OVER parties AS other_scope,
           lag(p.vendor) OVER parties AS other_vendor
    FROM paid p
    JOIN elsewhere e ON e.kind = p.kind AND e.currency = p.currency AND e.posted_day = p.posted_day
        AND e.invoice_no = p.invoice_no AND e.amount_minor = p.amount_minor
    WINDOW parties AS (
        PARTITION BY p.kind, p.currency, p.posted_day, p.invoice_no, p.amount_minor ORDER BY p.vendor, p.row_key
    )
), users AS (
    SELECT p.kind, p.invoice_no, count(DISTINCT p.vendor) AS vendors
    FROM paid p
    JOIN (SELECT DISTINCT kind, invoice_no FROM elsewhere) e ON e.kind = p.kind AND e.invoice_no = p.invoice_no
    GROUP BY p.kind, p.invoice_no
), found AS (
    SELECT p.row_key, p.other_key, p.scope, p.other_scope, p.form, p.seldom, abs(p.gap) AS gap, p.gap < 0 AS is_earlier,
           p.vendor, 0 AS vendors
    FROM pair p
    LEFT JOIN taken_back b ON b.kind = p.kind AND b.currency = p.currency AND b.vendor = p.vendor
        AND b.amount_minor = p.amount_minor
    LEFT JOIN rhythm r ON r.kind = p.kind AND r.currency = p.currency AND r.vendor = p.vendor
        AND r.amount_minor = p.amount_minor
    LEFT JOIN declared d ON d.vendor = p.vendor
    LEFT JOIN billed i ON p.kind = 'payment' AND p.form = 1 AND i.currency = p.currency AND i.vendor = p.vendor
        AND i.invoice_no = p.invoice_no
    WHERE p.nth > 1 + coalesce(b.n, 0)
        AND (r.days IS NULL OR abs(p.gap) < 0.6 * r.days)
        AND (d.vendor IS NULL OR abs(p.gap) < $declared_gap)
        AND (i.total IS NULL OR i.paid > i.total)
    UNION ALL
    SELECT c.row_key, c.other_key, c.scope, c.other_scope, 4, FALSE, 0, FALSE, c.other_vendor, u.vendors
    FROM crossing c
    JOIN users u ON u.kind = c.kind AND u.invoice_no = c.invoice_no
    WHERE c.other_vendor <> c.vendor
), turned AS (
    SELECT form, seldom, gap, vendor, vendors,
           (scope <> 'window' OR (is_earlier AND other_scope = 'window')) AS flags_other, row_key, other_key
    FROM found
), ranked AS (
    SELECT CASE WHEN flags_other THEN other_key ELSE row_key END AS row_key,
           CASE WHEN flags_other THEN row_key ELSE other_key END AS partner_key,
           CASE form WHEN 1 THEN 95 WHEN 2 THEN 88 WHEN 3 THEN CASE WHEN seldom THEN 75 ELSE 50 END
                     WHEN 4 THEN CASE WHEN vendors <= $common_number THEN 80 ELSE 45 END
                     WHEN 5 THEN 75 WHEN 6 THEN 55 ELSE 40 END AS score,
           form, gap, vendor, vendors
    FROM turned
), best AS (
    SELECT *, row_number() OVER (PARTITION BY row_key ORDER BY score DESC, form, partner_key) AS place FROM ranked
)
SELECT row_key, score, partner_key,
       CASE form WHEN 1 THEN 'same vendor, invoice number and amount'
                 WHEN 2 THEN 'same vendor and amount, invoice number written otherwise'
                 WHEN 3 THEN 'same vendor and amount, invoice number with a letter added'
                 WHEN 4 THEN 'same invoice number, date and amount, other vendor'
                 ELSE 'same vendor and amount' END
           || ', ' || CAST(gap AS VARCHAR) || ' days apart' AS observed,
       CASE WHEN form > 4 THEN 'once within ' || CAST($days AS VARCHAR) || ' days' ELSE 'once' END AS threshold,
       CASE WHEN form = 4 THEN CAST(vendors AS VARCHAR) || ' vendors use this number, the other is ' || vendor
            ELSE 'payments of vendor ' || vendor END AS population
FROM best
WHERE place = 1
