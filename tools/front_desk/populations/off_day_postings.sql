-- off_day_postings: ledger postings on a weekend or a public holiday
-- noun: posting, off day
-- also: journal
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- person: preparer
-- not included: what was keyed on such a day and posted on another
-- owner: internal control
-- figure: off_day_posting_count = count | how many postings on no business day
-- figure: off_day_journal_count = distinct | how many journals of such postings
-- figure: off_day_posting_total = sum | debits less credits of the same
SELECT t.row_key, t.posted_on AS day, t.vendor_key, t.vendor_name AS vendor, t.created_by AS person, t.account,
  t.source, t.currency, t.amount_minor AS value, coalesce(t.journal_id, t.txn_id) AS document,
  t.journal_id AS subject
FROM txn t JOIN calendar c ON c.day = t.posted_on WHERE t.kind = 'ledger' AND NOT c.is_business_day
