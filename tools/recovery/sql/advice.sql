-- advice: what payers say that their payments are for.
SELECT payment_id, invoice_ref AS reference, amount_minor AS amount, coalesce(memo, '') AS note
FROM remittance
ORDER BY remittance_id, invoice_ref, amount_minor, memo
