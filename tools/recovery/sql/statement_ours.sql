-- What our books have of the parties that sent statements: invoices and credit notes, and what was paid.
SELECT t.row_key, t.kind, t.txn_id, t.vendor_key, t.vendor_id, t.amount_minor, t.currency, t.posted_on, t.invoice_no,
       t.reference, t.source, t.file, t.line,
       regexp_replace(upper(coalesce(t.invoice_no, '')), '[^A-Z0-9]', '', 'g') AS number
FROM txn t
WHERE t.kind IN ('invoice', 'payment')
    AND (t.vendor_key IN (SELECT party_key FROM statement)
         OR t.vendor_id IN (SELECT party_id FROM statement WHERE party_id IS NOT NULL))
ORDER BY t.posted_on, t.row_key
