-- vendors: vendors that anything was bought from
-- noun: vendor
-- needs: invoice card payment
-- unit: count
-- grain: a vendor
-- not included: vendors of the master file that nothing was bought from
-- owner: purchasing
-- figure: vendor_count = distinct | how many vendors, by their normalised names
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, category, source, currency,
  vendor_key AS subject, amount_minor AS value, coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind IN ('invoice', 'card', 'payment') AND vendor_key IS NOT NULL AND NOT voided(status)
