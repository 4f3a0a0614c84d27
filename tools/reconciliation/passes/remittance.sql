-- remittance: what payers say that their open payments are for
SELECT o.id, r.invoice_ref AS reference, r.amount_minor AS amount, coalesce(r.memo, '') AS note
FROM remittance r
JOIN item_{side} i ON i.txn_id = r.payment_id
JOIN open_{side} o ON o.id = i.rowid
ORDER BY r.remittance_id, r.invoice_ref, r.amount_minor, r.memo
