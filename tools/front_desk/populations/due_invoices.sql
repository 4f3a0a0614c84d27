-- due_invoices: what vendors have invoiced, by the day on which it falls due, whatever was paid of it
-- noun: invoice, due
-- needs: invoice
-- column: due_on
-- unit: money
-- grain: an invoice
-- person: preparer
-- window: ahead
-- not included: invoices without a due day, or whose own status says void or reversed; what was paid is not taken off
-- owner: accounts payable
-- figure: due_invoiced = sum | invoices that fall due in the window by their amount
-- figure: due_invoice_count = count | how many invoices fall due in the window
-- figure: largest_due_invoice = largest | the greatest amount of one invoice that falls due in the window
SELECT row_key, due_on AS day, vendor_key, vendor_name AS vendor, vendor_key AS subject, created_by AS person, category, source,
  currency, amount_minor AS value, coalesce(invoice_no, txn_id) AS document
FROM txn WHERE kind = 'invoice' AND NOT voided(status) AND due_on IS NOT NULL
