-- open_payment: payments and invoices that nothing has claimed yet, in an order that the rows decide
SELECT o.id, o.amount, o.day, o.currency, t.txn_id, t.invoice_no, t.vendor_id, t.vendor_name, t.reference,
       t.description
FROM open_{side} o
JOIN item_{side} i ON i.rowid = o.id
JOIN txn t ON t.row_key = i.row_key
ORDER BY o.day, length(t.txn_id), t.txn_id, t.row_key
