-- unapproved: payments that name nobody who approved them
-- noun: payment, unapproved
-- needs: payment
-- column: approved_by
-- unit: money
-- grain: a payment
-- person: preparer
-- not included: approvals that only an e-mail or a document shows
-- owner: treasury
-- figure: unapproved_payment_count = count | how many payments name no approver
-- figure: unapproved_paid = sum | payments without an approver by their amount
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, created_by AS person, category, source,
  currency, amount_minor AS value, coalesce(txn_id, reference) AS document
FROM txn WHERE kind = 'payment' AND NOT voided(status) AND coalesce(trim(approved_by), '') = ''
