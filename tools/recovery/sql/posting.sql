-- Postings by their keys.
SELECT row_key, kind, txn_id, vendor_name, vendor_key, vendor_id, amount_minor, currency, posted_on, invoice_no, reference,
       source, file, line
FROM txn
WHERE row_key IN (SELECT unnest($keys))
ORDER BY row_key
