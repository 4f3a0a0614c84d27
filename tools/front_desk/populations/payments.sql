-- payments: what was paid to vendors
-- noun: payment
-- needs: payment
-- unit: money
-- grain: a payment
-- person: approver
-- not included: payments whose own status says void or reversed; card charges; bank fees and payroll
-- owner: treasury
-- figure: paid = sum | payments by their amount
-- figure: payment_count = count | how many payments
-- figure: average_payment = average | the mean amount of a payment
-- figure: largest_payment = largest | the greatest amount of one payment
-- figure: smallest_payment = smallest | the least amount of one payment
-- figure: first_payment = first | the day of the earliest payment
-- figure: last_payment = last | the day of the latest payment
-- figure: paid_vendor_count = distinct | how many vendors were paid
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject, approved_by AS person,
  category, source, currency, amount_minor AS value, coalesce(txn_id, reference) AS document
FROM txn WHERE kind = 'payment' AND NOT voided(status)
