-- same_invoice_other_vendor: one invoice paid to two vendors
-- purpose: same invoice number, date and amount under another vendor: paid to the wrong one and then to the right
--   one, or a vendor kept twice in the master; flagged is the vendor whose other numbers look less like it
-- needs: amount_minor, posted_on, invoice_no
-- kinds: invoice, payment
-- params: score = 80, weak_score = 45, common_number = 2
-- scores: $score (80); $weak_score (45): weak, when more than $common_number vendors use that number anyhow ("MARCH")
-- history: 30
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same-different); IDEA and ACL, payables tests
-- with: invoice_again
WITH claimed AS (
    SELECT t.kind, t.currency, t.posted_day, t.invoice_no, t.amount_minor
    FROM txn t
    JOIN invoice_again a ON a.kind = t.kind AND a.currency = t.currency AND a.invoice_no = t.invoice_no
        AND a.amount_minor = t.amount_minor
    WHERE t.kind IN ('invoice', 'payment') AND coalesce(lower(t.status), '') NOT IN ('void', 'voided', 'reversed')
        AND t.posted_day IS NOT NULL
    GROUP BY t.kind, t.currency, t.posted_day, t.invoice_no, t.amount_minor
    HAVING min(coalesce(t.vendor_id, t.vendor_key)) <> max(coalesce(t.vendor_id, t.vendor_key))
), users AS (
    SELECT t.kind, t.invoice_no, count(DISTINCT coalesce(t.vendor_id, t.vendor_key)) AS vendors
    FROM txn t
    JOIN (SELECT DISTINCT kind, invoice_no FROM claimed) c ON c.kind = t.kind AND c.invoice_no = t.invoice_no
    GROUP BY t.kind, t.invoice_no
), claimant AS (
    SELECT t.row_key, t.txn_id, t.kind, t.scope, t.currency, t.posted_day, t.invoice_no, t.amount_minor,
           coalesce(t.vendor_id, t.vendor_key) AS vendor
    FROM txn t
    JOIN claimed c ON c.kind = t.kind AND c.currency = t.currency AND c.posted_day = t.posted_day
        AND c.invoice_no = t.invoice_no AND c.amount_minor = t.amount_minor
    WHERE coalesce(t.vendor_id, t.vendor_key) IS NOT NULL
), style AS (
    SELECT p.kind, p.vendor, p.invoice_no, count(*) AS n
    FROM (SELECT DISTINCT kind, vendor, invoice_no FROM claimant) p
    JOIN txn t ON t.kind = p.kind AND coalesce(t.vendor_id, t.vendor_key) = p.vendor
        AND substr(t.invoice_no, 1, 3) = substr(p.invoice_no, 1, 3)
    GROUP BY p.kind, p.vendor, p.invoice_no
), beside AS (
    SELECT p.row_key, p.kind, p.scope, p.invoice_no, p.vendor, lag(p.row_key) OVER one_invoice AS before_key,
           lag(p.vendor) OVER one_invoice AS before_vendor
    FROM claimant p
    JOIN style s ON s.kind = p.kind AND s.vendor = p.vendor AND s.invoice_no = p.invoice_no
    WINDOW one_invoice AS (
        PARTITION BY p.kind, p.currency, p.posted_day, p.invoice_no, p.amount_minor
        ORDER BY s.n DESC, p.txn_id, p.row_key
    )
)
SELECT CASE WHEN b.scope = 'window' THEN b.row_key ELSE b.before_key END AS row_key,
       CASE WHEN u.vendors <= $common_number THEN $score ELSE $weak_score END AS score,
       'vendors ' || b.before_vendor || ' and ' || b.vendor AS observed, 'one vendor' AS threshold,
       CAST(u.vendors AS VARCHAR) || ' vendors use number ' || b.invoice_no AS population,
       CASE WHEN b.scope = 'window' THEN b.before_key ELSE b.row_key END AS partner_key
FROM beside b
JOIN users u ON u.kind = b.kind AND u.invoice_no = b.invoice_no
WHERE b.before_vendor <> b.vendor
