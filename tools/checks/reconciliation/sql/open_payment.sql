-- open_payment: payments and invoices that nothing has claimed yet, in an order that the rows decide
SELECT id, amount, day, money AS currency, txn_id, invoice_no, vendor_id, vendor_name, reference, description
FROM wide w SEMI JOIN open o ON o.side = w.side AND o.id = w.id
WHERE w.side = {side}
ORDER BY day, length(txn_id), txn_id, row_key
