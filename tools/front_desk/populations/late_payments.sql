-- late_payments: payments made after the due day of the invoice that they name
-- noun: payment, late
-- needs: invoice payment
-- column: due_on
-- unit: money
-- grain: a payment of an invoice
-- not included: payments that name no invoice of the books, invoices without a due day
-- owner: accounts payable
-- figure: late_payment_count = count | how many payments came late
-- figure: late_paid = sum | late payments by their amount
SELECT p.row_key, p.posted_on AS day, p.vendor_key, p.vendor_name AS vendor, p.category, p.source, p.currency,
  p.amount_minor AS value, p.invoice_no AS document,
  date_diff('day', i.due_on, p.posted_on) AS days_late
FROM txn p JOIN (
  SELECT a.row_key, min(b.due_on) AS due_on
  FROM txn a JOIN txn b ON upper(trim(a.invoice_no)) = upper(trim(b.invoice_no))
  WHERE a.kind = 'payment' AND b.kind = 'invoice' AND NOT voided(b.status)
    AND (a.vendor_key = b.vendor_key OR a.vendor_id = b.vendor_id)
  GROUP BY ALL
) i ON i.row_key = p.row_key
WHERE p.kind = 'payment' AND NOT voided(p.status) AND p.posted_on > i.due_on
