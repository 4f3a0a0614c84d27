-- days_to_pay: days from an invoice to the payment that names it
-- noun: days to pay
-- needs: invoice payment
-- column: invoice_no
-- unit: days
-- grain: a payment of an invoice
-- not included: payments that name no invoice of the books; days over ten years, which a mistaken date makes
-- owner: accounts payable
-- figure: days_to_pay = average | the mean number of days from invoice to payment
-- figure: longest_to_pay = largest | the most days from an invoice to its payment
-- figure: shortest_to_pay = smallest | the fewest days from an invoice to its payment
SELECT p.row_key, p.posted_on AS day, p.vendor_key, p.vendor_name AS vendor, p.category, p.source, p.currency,
  p.posted_on - i.posted_on AS value, p.invoice_no AS document
FROM txn p JOIN (
  SELECT a.row_key, min(b.posted_on) AS posted_on
  FROM txn a JOIN txn b ON upper(trim(a.invoice_no)) = upper(trim(b.invoice_no))
  WHERE a.kind = 'payment' AND b.kind = 'invoice' AND NOT voided(b.status)
    AND (a.vendor_key = b.vendor_key OR a.vendor_id = b.vendor_id)
  GROUP BY ALL
) i ON i.row_key = p.row_key
WHERE p.kind = 'payment' AND NOT voided(p.status) AND abs(p.posted_on - i.posted_on) <= 3652
