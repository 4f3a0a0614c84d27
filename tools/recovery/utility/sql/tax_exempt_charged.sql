-- Tax on an account that is exempt.
SELECT bill_id, tax_minor AS over_minor
FROM counted_bill
WHERE copy = 1 AND tax_minor > 0 AND lower(tax_exempt) IN ('yes', 'true', '1', 'y')
