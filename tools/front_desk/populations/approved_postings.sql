-- approved_postings: entries of the general ledger, by who approved them
-- noun: posting, approved
-- also: journal
-- needs: ledger
-- column: approved_by
-- unit: money
-- grain: a ledger posting
-- person: approver
-- not included: postings that name no approver
-- owner: general ledger
-- figure: approved_posting_count = count | how many ledger postings
-- figure: approved_journal_count = distinct | how many journals of such postings
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, approved_by AS person, account, source,
  currency, amount_minor AS value, coalesce(journal_id, txn_id) AS document, journal_id AS subject
FROM txn WHERE kind = 'ledger' AND coalesce(trim(approved_by), '') <> ''
