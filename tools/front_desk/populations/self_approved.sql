-- self_approved: payments and ledger postings that one person prepared and approved
-- noun: posting, self approved
-- needs: payment ledger
-- column: approved_by
-- unit: money
-- grain: a payment or a ledger posting
-- person: preparer
-- not included: people who stand under two names
-- owner: internal control
-- figure: self_approved_count = count | how many were prepared and approved by one person
-- figure: self_approved_total = sum | the same by their amount
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, created_by AS person, account, category,
  source, currency, abs(amount_minor) AS value, coalesce(journal_id, txn_id) AS document
FROM txn WHERE kind IN ('payment', 'ledger') AND NOT voided(status)
  AND lower(trim(created_by)) = lower(trim(approved_by))
