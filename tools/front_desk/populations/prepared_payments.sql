-- prepared_payments: what was paid to vendors, by who prepared the payment
-- noun: payment, prepared
-- needs: payment
-- column: created_by
-- unit: money
-- grain: a payment
-- person: preparer
-- not included: payments whose own status says void or reversed; card charges; bank fees and payroll
-- owner: treasury
-- figure: prepared_paid = sum | payments by their amount
-- figure: prepared_payment_count = count | how many payments
-- figure: largest_prepared_payment = largest | the greatest amount of one payment
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject, created_by AS person,
  category, source, currency, amount_minor AS value, coalesce(txn_id, reference) AS document
FROM txn WHERE kind = 'payment' AND NOT voided(status)
