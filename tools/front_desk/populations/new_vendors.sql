-- new_vendors: vendors that appear for the first time in the books
-- noun: vendor, new
-- needs: invoice card payment
-- unit: count
-- grain: a vendor
-- not included: whether a vendor was known before the books begin
-- owner: purchasing
-- figure: new_vendor_count = distinct | how many vendors appear for the first time
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, category, source, currency,
  vendor_key AS subject, amount_minor AS value, coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind IN ('invoice', 'card', 'payment') AND vendor_key IS NOT NULL AND NOT voided(status)
QUALIFY row_number() OVER (PARTITION BY vendor_key ORDER BY posted_on, row_key) = 1
