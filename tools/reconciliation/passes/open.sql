-- open: what nothing has claimed yet, with its text, in an order that does not depend on the file's
SELECT o.id, o.amount, o.day, coalesce(c.business_day_number, o.day * 5 // 7) AS work, o.currency,
       concat_ws(' ', CASE WHEN contains(lower(coalesce(t.description, '')), lower(t.vendor_name)) THEN NULL
                           ELSE t.vendor_name END, t.description) AS text,
       concat_ws(' ', t.reference, t.invoice_no) AS reference
FROM open_{side} o
JOIN item_{side} i ON i.rowid = o.id
JOIN txn t ON t.row_key = i.row_key
LEFT JOIN calendar c ON c.day_number = o.day
ORDER BY o.day, length(t.txn_id), t.txn_id, t.row_key
