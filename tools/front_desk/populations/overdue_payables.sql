-- overdue_payables: what invoices leave to pay although their due day is over at the end of the window
-- noun: invoice, overdue
-- needs: invoice payment
-- column: due_on
-- unit: money
-- grain: an invoice
-- window: end
-- not included: invoices without a due day; payments that name no invoice
-- owner: accounts payable
-- figure: overdue_payables = sum | overdue invoices less the payments that name them
-- figure: overdue_invoice_count = count | how many invoices are overdue
-- figure: overdue_vendor_count = distinct | how many vendors wait for overdue money
SELECT i.row_key, i.posted_on AS day, i.vendor_key, i.vendor_name AS vendor, i.vendor_key AS subject, i.category, i.source, i.currency,
  i.amount_minor - coalesce(p.paid, 0) AS value, i.invoice_no AS document,
  date_diff('day', i.due_on, CAST($end_day AS DATE)) AS days_late,
  CASE WHEN i.due_on IS NULL THEN 'no due day'
    WHEN $end_day <= i.due_on THEN 'not due'
    WHEN $end_day - i.due_on <= 30 THEN '1 to 30 days'
    WHEN $end_day - i.due_on <= 60 THEN '31 to 60 days'
    WHEN $end_day - i.due_on <= 90 THEN '61 to 90 days' ELSE 'over 90 days' END AS age
FROM txn i LEFT JOIN (
  SELECT b.row_key, sum(a.amount_minor) AS paid
  FROM txn a JOIN txn b ON upper(trim(a.invoice_no)) = upper(trim(b.invoice_no)) AND a.currency = b.currency
  WHERE a.kind = 'payment' AND NOT voided(a.status) AND ($to_day IS NULL OR a.posted_on <= $to_day)
    AND b.kind = 'invoice' AND (a.vendor_key = b.vendor_key OR a.vendor_id = b.vendor_id)
  GROUP BY ALL
) p ON p.row_key = i.row_key
WHERE i.kind = 'invoice' AND NOT voided(i.status) AND i.amount_minor > coalesce(p.paid, 0)
  AND ($to_day IS NULL OR i.posted_on <= $to_day)
  AND i.due_on < $end_day
