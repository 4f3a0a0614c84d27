-- journals: journal entries, each made of several postings
-- noun: journal
-- needs: ledger
-- column: journal_id
-- unit: count
-- grain: a journal
-- person: preparer
-- not included: postings without a journal's number
-- owner: general ledger
-- figure: journal_count = distinct | how many journals
SELECT row_key, posted_on AS day, created_by AS person, account, source, currency, amount_minor AS value,
  journal_id AS subject, journal_id AS document
FROM txn WHERE kind = 'ledger' AND journal_id IS NOT NULL
