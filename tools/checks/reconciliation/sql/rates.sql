-- rates: what one unit of each currency was worth in the one that most rates are quoted in, day by day
WITH home AS (
    SELECT to_currency AS home FROM fx_rate GROUP BY to_currency ORDER BY count(*) DESC, to_currency LIMIT 1
)
SELECT h.home, f.currency, CAST(datediff('day', DATE '1970-01-01', f.day) AS BIGINT) AS day, max(f.rate_e9) AS rate_e9
FROM fx_rate f JOIN home h ON h.home = f.to_currency
WHERE f.rate_e9 > 0 AND f.day IS NOT NULL
GROUP BY h.home, f.currency, f.day
ORDER BY f.currency, day
