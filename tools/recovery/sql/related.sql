-- What may take money that was paid too much back: negative postings of the same party, and what the bank received.
-- A credit of the bank has no vendor: its text is held against the party's name and the documents' numbers.
SELECT row_key, kind, txn_id, vendor_name, vendor_key, vendor_id, amount_minor, currency, posted_on, invoice_no, reference,
       description, source, file, line
FROM txn
WHERE (kind IN ('payment', 'card', 'invoice') AND amount_minor < 0
       AND coalesce(vendor_id, vendor_key) IN (SELECT unnest($parties)))
    OR (kind = 'bank' AND amount_minor > 0 AND amount_minor IN (SELECT unnest($amounts)))
ORDER BY posted_on, row_key
