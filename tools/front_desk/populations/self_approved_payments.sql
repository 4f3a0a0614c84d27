-- self_approved_payments: payments that one person prepared and approved
-- noun: payment, self approved
-- needs: payment
-- column: approved_by
-- unit: money
-- grain: a payment
-- person: preparer
-- not included: people who stand under two names
-- owner: internal control
-- figure: self_approved_payment_count = count | how many payments one person prepared and approved
-- figure: self_approved_paid = sum | the same by their amount
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, created_by AS person, category,
  source, currency, amount_minor AS value, coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind = 'payment' AND NOT voided(status)
  AND lower(trim(created_by)) = lower(trim(approved_by))
