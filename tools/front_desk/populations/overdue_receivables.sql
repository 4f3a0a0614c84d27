-- overdue_receivables: what customers have left to pay although its due day is over at the end of the window
-- noun: receivable, overdue
-- table: receivable
-- unit: money
-- grain: an invoice of ours
-- window: end
-- not included: invoices without a due day; what the list has as settled by then; credits
-- owner: accounts receivable
-- figure: overdue_receivables = sum | our overdue invoices less what the list has as paid of them
-- figure: overdue_receivable_count = count | how many of our invoices are overdue
-- figure: overdue_customer_count = distinct | how many customers owe us overdue money
SELECT NULL AS row_key, dated_on AS day, party_key AS vendor_key, party_name AS vendor, party_key AS subject, currency,
  amount_minor - coalesce(paid_minor, 0) AS value, document,
  date_diff('day', due_on, CAST($end_day AS DATE)) AS days_late,
  CASE WHEN $end_day - due_on <= 30 THEN '1 to 30 days'
    WHEN $end_day - due_on <= 60 THEN '31 to 60 days'
    WHEN $end_day - due_on <= 90 THEN '61 to 90 days' ELSE 'over 90 days' END AS age
FROM receivable
WHERE amount_minor > coalesce(paid_minor, 0) AND (settled_on IS NULL OR settled_on > $end_day)
  AND ($to_day IS NULL OR dated_on IS NULL OR dated_on <= $to_day) AND due_on < $end_day
