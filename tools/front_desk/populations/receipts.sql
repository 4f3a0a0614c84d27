-- receipts: receipts that were handed in
-- noun: receipt
-- needs: receipt
-- unit: money
-- grain: a receipt
-- person: holder
-- not included: receipts whose own status says void or reversed
-- owner: expense desk
-- figure: receipt_count = count | how many receipts
-- figure: receipts_total = sum | receipts by their amount
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, coalesce(person_name, person_id) AS person,
  category, source, currency, amount_minor AS value, txn_id AS document
FROM txn WHERE kind = 'receipt' AND NOT voided(status)
