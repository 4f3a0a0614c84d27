-- days_to_pay: days from an invoice to the payment that names it
-- noun: days to pay
-- needs: invoice payment
-- column: invoice_no
-- unit: days
-- grain: a payment of an invoice
-- not included: payments that name no invoice of the books
-- owner: accounts payable
-- figure: days_to_pay = average | the mean number of days from invoice to payment
-- figure: longest_to_pay = largest | the most days from an invoice to its payment
SELECT p.row_key, p.posted_on AS day, p.vendor_key, p.vendor_name AS vendor, p.category, p.source, p.currency,
  p.posted_on - i.posted_on AS value, p.invoice_no AS document
FROM txn p JOIN (
  SELECT vendor_key, upper(trim(invoice_no)) AS invoice_no, min(posted_on) AS posted_on FROM txn
  WHERE kind = 'invoice' AND NOT voided(status) GROUP BY ALL
) i ON i.vendor_key = p.vendor_key AND i.invoice_no = upper(trim(p.invoice_no))
WHERE p.kind = 'payment' AND NOT voided(p.status)
