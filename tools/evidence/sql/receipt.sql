-- Receipts that name the row, or that look like it and name no other.
WITH charged AS (SELECT * FROM suspected WHERE kind IN ('card', 'payment', 'invoice')),
receipt AS (SELECT * FROM txn WHERE kind = 'receipt'),
found AS (
    SELECT s.row_key, r.row_key AS receipt_key, CAST(1.0 AS DOUBLE) AS score, 'names it' AS why
    FROM charged s
    JOIN receipt r ON r.linked_id = s.txn_id
    UNION ALL
    SELECT s.row_key, r.row_key, CAST(0.8 AS DOUBLE), 'same vendor, day and amount, near enough'
    FROM charged s
    JOIN receipt r
      ON r.vendor_key = s.vendor_key AND r.currency = s.currency
     AND r.posted_day BETWEEN s.posted_day - $receipt_days AND s.posted_day + $receipt_days
     AND abs(r.amount_minor - s.amount_minor) <= 0.05 * abs(s.amount_minor)
    WHERE r.linked_id IS NULL
)
SELECT f.row_key, 'receipt' AS kind, coalesce(r.txn_id, r.row_key) AS doc_id, r.vendor_name, r.amount_minor,
       r.currency, CAST(r.posted_on AS VARCHAR) AS dated, f.score, f.why
FROM found f
JOIN receipt r ON r.row_key = f.receipt_key
ORDER BY f.row_key, f.score DESC, doc_id
