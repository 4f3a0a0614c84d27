-- The same meter, period and amount, billed again.
SELECT bill_id, amount_minor AS over_minor
FROM counted_bill
WHERE copy > 1
