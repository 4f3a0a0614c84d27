-- open_receivables: what customers have left to pay at the end of the window, by the list of receivables
-- noun: receivable, open
-- table: receivable
-- unit: money
-- grain: an invoice of ours
-- window: end
-- not included: what the list has as settled by then; credits; money that came in after the list was drawn
-- owner: accounts receivable
-- figure: open_receivables = sum | our invoices less what the list has as paid of them
-- figure: open_receivable_count = count | how many of our invoices are not paid in full
-- figure: owing_customer_count = distinct | how many customers owe us money
SELECT NULL AS row_key, dated_on AS day, party_key AS vendor_key, party_name AS vendor, party_key AS subject, currency,
  amount_minor - coalesce(paid_minor, 0) AS value, document,
  CASE WHEN due_on IS NULL THEN 'no due day'
    WHEN $end_day <= due_on THEN 'not due'
    WHEN $end_day - due_on <= 30 THEN '1 to 30 days'
    WHEN $end_day - due_on <= 60 THEN '31 to 60 days'
    WHEN $end_day - due_on <= 90 THEN '61 to 90 days' ELSE 'over 90 days' END AS age
FROM receivable
WHERE amount_minor > coalesce(paid_minor, 0) AND (settled_on IS NULL OR settled_on > $end_day)
  AND ($to_day IS NULL OR dated_on IS NULL OR dated_on <= $to_day)
