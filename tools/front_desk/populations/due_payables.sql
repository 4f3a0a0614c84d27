-- due_payables: what invoices that fall due in the window leave to pay, by all payments of the books
-- noun: invoice, open, due
-- needs: invoice payment
-- column: due_on
-- unit: money
-- grain: an invoice
-- window: ahead
-- not included: invoices without a due day; payments that name no invoice
-- owner: accounts payable
-- figure: due_payables = sum | invoices that fall due in the window less the payments that name them
-- figure: due_payable_count = count | how many invoices that fall due in the window are not paid in full
SELECT i.row_key, i.due_on AS day, i.vendor_key, i.vendor_name AS vendor, i.vendor_key AS subject, i.category, i.source, i.currency,
  i.amount_minor - coalesce(p.paid, 0) AS value, i.invoice_no AS document
FROM txn i LEFT JOIN (
  SELECT b.row_key, sum(a.amount_minor) AS paid
  FROM txn a JOIN txn b ON upper(trim(a.invoice_no)) = upper(trim(b.invoice_no)) AND a.currency = b.currency
  WHERE a.kind = 'payment' AND NOT voided(a.status) AND b.kind = 'invoice'
    AND (a.vendor_key = b.vendor_key OR a.vendor_id = b.vendor_id)
  GROUP BY ALL
) p ON p.row_key = i.row_key
WHERE i.kind = 'invoice' AND NOT voided(i.status) AND i.amount_minor > coalesce(p.paid, 0) AND i.due_on IS NOT NULL
