-- What may be money for a claim: credits of the bank, credit notes and returns of vendors, our invoices that were settled.
SELECT row_key, kind, txn_id, vendor_name, vendor_key, vendor_id, abs(amount_minor) AS amount_minor, currency, posted_on,
       invoice_no, reference, description, source, file, line
FROM txn
WHERE (kind = 'bank' AND amount_minor > 0) OR (kind IN ('payment', 'invoice', 'card') AND amount_minor < 0)
ORDER BY posted_on, row_key
