-- spend: what was bought: invoices and card charges, each once
-- noun: spend
-- needs: invoice card
-- unit: money
-- grain: an invoice or a card charge
-- person: holder
-- not included: payments, which settle invoices and would count them twice; payroll; what is void or reversed
-- owner: accounts payable
-- figure: spend = sum | invoices and card charges by their amount
-- figure: purchase_count = count | how many invoices and card charges
-- figure: average_spend = average | the mean amount of an invoice or card charge
-- figure: largest_spend = largest | the greatest amount of one invoice or card charge
-- figure: smallest_spend = smallest | the least amount of one invoice or card charge
-- figure: first_transaction = first | the day of the earliest invoice or card charge
-- figure: last_transaction = last | the day of the latest invoice or card charge
-- figure: purchasing_vendor_count = distinct | how many vendors were bought from
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject,
  coalesce(person_name, person_id) AS person, category, source, currency, amount_minor AS value,
  coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind IN ('invoice', 'card') AND NOT voided(status)
