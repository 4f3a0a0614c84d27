-- invoices: what vendors have invoiced, each invoice once, whatever was paid of it
-- noun: invoice
-- needs: invoice
-- unit: money
-- grain: an invoice
-- person: preparer
-- not included: invoices whose own status says void or reversed; card charges
-- owner: accounts payable
-- figure: invoiced = sum | invoices by their amount
-- figure: invoice_count = count | how many invoices
-- figure: average_invoice = average | the mean amount of an invoice
-- figure: largest_invoice = largest | the greatest amount of one invoice
-- figure: smallest_invoice = smallest | the least amount of one invoice
-- figure: first_invoice = first | the day of the earliest invoice
-- figure: last_invoice = last | the day of the latest invoice
-- figure: invoicing_vendor_count = distinct | how many vendors have invoiced
SELECT row_key, posted_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject, created_by AS person, category, source,
  currency, amount_minor AS value, coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind = 'invoice' AND NOT voided(status)
