-- remittance: what payers say that their open payments are for
SELECT w.id, r.invoice_ref AS reference, r.amount_minor AS amount, coalesce(r.memo, '') AS note
FROM remittance r
JOIN wide w ON w.side = {side} AND w.txn_id = r.payment_id
ORDER BY r.remittance_id, r.invoice_ref, r.amount_minor, r.memo
