-- postings: entries of the general ledger
-- noun: posting
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- person: preparer
-- not included: nothing of the ledger is left out
-- owner: general ledger
-- figure: posting_count = count | how many ledger postings
-- figure: net_postings = sum | debits less credits of the postings
-- figure: largest_posting = largest | the greatest debit of one posting
-- figure: last_posting = last | the day of the latest posting
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, created_by AS person, account, source,
  currency, amount_minor AS value, coalesce(journal_id, txn_id) AS document
FROM txn WHERE kind = 'ledger'
