-- A late fee although the bill before it was paid by its day.
SELECT bill_id, late_fee_minor AS over_minor
FROM counted_bill
WHERE copy = 1 AND late_fee_minor > 0 AND last_paid_on <= last_due_on
