-- Receipts that name the row, or that look like it and that no other row names.
SELECT s.row_key, 'receipt' AS kind, coalesce(r.txn_id, r.row_key) AS doc_id,
       r.vendor_name, r.amount_minor, r.currency, CAST(r.posted_on AS VARCHAR) AS dated,
       CAST(CASE WHEN r.linked_id = s.txn_id THEN 1.0 ELSE 0.8 END AS DOUBLE) AS score,
       CASE WHEN r.linked_id = s.txn_id THEN 'names it' ELSE 'same vendor, day and amount, near enough' END AS why
FROM suspected s
JOIN txn r ON r.kind = 'receipt' AND r.row_key <> s.row_key
 AND (r.linked_id = s.txn_id
      OR (r.linked_id IS NULL AND r.vendor_key = s.vendor_key AND r.currency = s.currency
          AND r.posted_day BETWEEN s.posted_day - $receipt_days AND s.posted_day + $receipt_days
          AND abs(r.amount_minor - s.amount_minor) <= 0.05 * abs(s.amount_minor)))
WHERE s.kind IN ('card', 'payment', 'invoice')
ORDER BY s.row_key, score DESC, doc_id
