-- Billed for a time after the meter was closed.
SELECT bill_id, amount_minor AS over_minor
FROM counted_bill
WHERE closed_on < from_on
