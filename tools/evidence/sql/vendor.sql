-- What the books know of each suspect's vendor: the whole of what was read, window and history.
WITH wanted AS (SELECT DISTINCT vendor_key, kind, currency FROM suspected WHERE vendor_key IS NOT NULL),
profile AS (
    SELECT t.vendor_key, t.kind, t.currency, count(*) AS n, sum(t.amount_minor) AS total,
           median(abs(t.amount_minor)) AS middle, min(t.posted_on) AS first_on, max(t.posted_on) AS last_on
    FROM txn t
    SEMI JOIN wanted w ON w.vendor_key = t.vendor_key AND w.kind = t.kind AND w.currency = t.currency
    GROUP BY t.vendor_key, t.kind, t.currency
),
master AS (
    SELECT vendor_key, min(vendor_id) AS vendor_id, min(created_on) AS created_on,
           max(bank_changed_on) AS bank_changed_on, max(recurring) AS recurring
    FROM vendor
    GROUP BY vendor_key
)
SELECT s.row_key, p.*, m.vendor_id AS master_id, m.created_on, m.bank_changed_on, m.recurring
FROM suspected s
JOIN profile p ON p.vendor_key = s.vendor_key AND p.kind = s.kind AND p.currency = s.currency
LEFT JOIN master m ON m.vendor_key = s.vendor_key
ORDER BY s.row_key
