-- How often amounts of the kinds begin with which three figures: exact, out of integer minor units.
SELECT substr(CAST(amount_minor AS VARCHAR) || '0', 1, 2) AS first_two, amount_minor % 100 AS last_two, count(*) AS n
FROM txn
WHERE list_contains($kinds, kind) AND amount_minor >= $minimum_minor
    AND ($source IS NULL OR source = $source) AND ($currency IS NULL OR currency = $currency)
GROUP BY ALL
