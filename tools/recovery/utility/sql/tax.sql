-- Of each bill with tax: the rate that its utility's bills show, and what it is charged on, use alone or all that is fixed, too.
WITH taxed AS (
    SELECT bill_id, party_key, service, tax_minor, unnest([
        {'name': 'all', 'minor': charged + coalesce(fixed_minor, 0)}, {'name': 'use', 'minor': charged}
    ], recursive := true)
    FROM counted_bill
    WHERE tax_minor > 0 AND charged > 0
), rated AS (
    SELECT *, round(median(tax_minor / minor) OVER (PARTITION BY party_key, service, name), 5) AS rate FROM taxed
), proven AS (
    SELECT party_key, service, name, avg(CAST(abs(tax_minor - minor * rate) <= 1 AS INTEGER)) AS fits
    FROM rated
    GROUP BY party_key, service, name
    HAVING count(*) >= 3 AND fits >= 0.9
    QUALIFY row_number() OVER (PARTITION BY party_key, service ORDER BY fits DESC, name) = 1
)
SELECT bill_id, tax_minor, minor AS base_minor, rate
FROM rated
JOIN proven USING (party_key, service, name)
WHERE abs(tax_minor - minor * rate) <= 1
