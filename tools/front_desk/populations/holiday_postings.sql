-- holiday_postings: ledger postings on a public holiday
-- noun: posting, holiday
-- also: journal
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- person: preparer
-- not included: what was keyed on such a day and posted on another
-- owner: internal control
-- figure: holiday_posting_count = count | how many postings on public holidays
-- figure: holiday_journal_count = distinct | how many journals of such postings
-- figure: holiday_posting_total = sum | debits less credits of the same
SELECT t.row_key, t.posted_on AS day, t.vendor_key, t.vendor_name AS vendor, t.created_by AS person, t.account,
  t.source, t.currency, t.amount_minor AS value, coalesce(t.journal_id, t.txn_id) AS document,
  t.journal_id AS subject
FROM txn t JOIN calendar c ON c.day = t.posted_on WHERE t.kind = 'ledger' AND c.is_holiday
