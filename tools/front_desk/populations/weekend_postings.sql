-- weekend_postings: ledger postings on a day of the week on which nobody here works
-- noun: posting, weekend
-- also: journal
-- needs: ledger
-- unit: money
-- grain: a ledger posting
-- person: preparer
-- not included: public holidays on other days; what was keyed on such a day and posted on another
-- owner: internal control
-- figure: weekend_posting_count = count | how many postings at weekends
-- figure: weekend_journal_count = distinct | how many journals of such postings
-- figure: weekend_posting_total = sum | debits less credits of the same
SELECT t.row_key, t.posted_on AS day, t.vendor_key, t.vendor_name AS vendor, t.created_by AS person, t.account,
  t.source, t.currency, t.amount_minor AS value, coalesce(t.journal_id, t.txn_id) AS document,
  t.journal_id AS subject
FROM txn t WHERE t.kind = 'ledger'
  AND isodow(t.posted_on) NOT IN (SELECT isodow(day) FROM calendar WHERE is_business_day)
