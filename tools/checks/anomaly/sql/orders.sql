-- Over how many orders of magnitude the middle 98% of the amounts reach.
SELECT (ln(quantile_cont(amount_minor, 0.99)) - ln(quantile_cont(amount_minor, 0.01))) / ln(10.0) AS orders
FROM txn
WHERE list_contains($kinds, kind) AND amount_minor >= $minimum_minor
    AND ($source IS NULL OR source = $source) AND ($currency IS NULL OR currency = $currency)
