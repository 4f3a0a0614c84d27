-- consecutive_invoice_numbers: a vendor whose invoice numbers run on without a gap
-- purpose: a vendor with no other customer than us: a shell company, or an employee's; numbers that reach no further
--   than $most_apart times their count
-- needs: invoice_no, posted_on
-- kinds: invoice, payment
-- params: least_n = 4, least_gap = 5, share = 0.8, most_apart = 10, score = 50
-- scores: weak: $score (50)
-- history: 400
-- source: ACFE, Fraud Examiners Manual (shell companies: consecutively numbered invoices); IDEA and ACL tests
WITH invoicing AS (
    SELECT coalesce(max(kind), 'payment') AS kind
    FROM (SELECT kind FROM txn WHERE kind = 'invoice' AND invoice_no IS NOT NULL LIMIT 1) i
), vendor_n AS (
    SELECT t.kind, coalesce(t.vendor_id, t.vendor_key) AS vendor, count(*) AS n,
           translate(upper(min(t.invoice_no)), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -/.#_:', '') AS one_end,
           translate(upper(max(t.invoice_no)), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -/.#_:', '') AS other_end
    FROM txn t
    JOIN invoicing i ON i.kind = t.kind
    WHERE t.invoice_no IS NOT NULL AND t.posted_day IS NOT NULL AND coalesce(t.vendor_id, t.vendor_key) IS NOT NULL
        AND t.amount_minor > 0
    GROUP BY t.kind, coalesce(t.vendor_id, t.vendor_key)
    HAVING count(*) >= $least_n AND count(*) <= 1 + (max(t.posted_day) - min(t.posted_day)) / $least_gap
), narrow AS (
    SELECT kind, vendor, n
    FROM vendor_n
    WHERE CASE WHEN length(one_end) BETWEEN 1 AND 15 AND translate(one_end, '0123456789', '') = ''
                    AND length(other_end) BETWEEN 1 AND 15 AND translate(other_end, '0123456789', '') = ''
               THEN abs(CAST(other_end AS BIGINT) - CAST(one_end AS BIGINT)) <= $most_apart * n ELSE FALSE END
), figured AS (
    SELECT v.kind, v.vendor, v.n, t.row_key, t.posted_day,
           translate(upper(t.invoice_no), 'ABCDEFGHIJKLMNOPQRSTUVWXYZ -/.#_:', '') AS figures
    FROM txn t
    JOIN narrow v ON v.kind = t.kind AND v.vendor = coalesce(t.vendor_id, t.vendor_key)
    WHERE t.invoice_no IS NOT NULL AND t.posted_day IS NOT NULL AND t.amount_minor > 0
), numbered AS (
    SELECT kind, vendor, n, row_key, posted_day,
           CASE WHEN length(figures) BETWEEN 1 AND 15 AND translate(figures, '0123456789', '') = ''
                THEN CAST(figures AS BIGINT) END AS number
    FROM figured
), stepped AS (
    SELECT kind, vendor, n, row_key, number - lag(number) OVER one_vendor AS step,
           posted_day - lag(posted_day) OVER one_vendor AS gap
    FROM numbered
    WHERE number IS NOT NULL
    WINDOW one_vendor AS (PARTITION BY kind, vendor ORDER BY posted_day, number, row_key)
), habit AS (
    SELECT kind, vendor, count(*) AS steps, sum(CASE WHEN step = 1 THEN 1 ELSE 0 END) AS by_one
    FROM stepped
    WHERE gap >= $least_gap
    GROUP BY kind, vendor
    HAVING count(*) >= $least_n - 1
        AND CAST(sum(CASE WHEN step = 1 THEN 1 ELSE 0 END) AS DOUBLE) / count(*) >= $share
)
SELECT s.row_key, $score AS score, 'the next number' AS observed,
       'under ' || CAST(CAST(floor(100 * $share + 0.5) AS INTEGER) AS VARCHAR) || '% of steps by one' AS threshold,
       CAST(h.by_one AS VARCHAR) || ' of ' || CAST(h.steps AS VARCHAR) || ' steps of vendor ' || s.vendor
           AS population
FROM stepped s
JOIN habit h ON h.kind = s.kind AND h.vendor = s.vendor
WHERE coalesce(s.step, 1) = 1
