-- Dearer a unit than the same utility bills others of its service and class in the month; a change of tariff meets all.
WITH typical AS (
    SELECT party_key, service, rate_class, date_trunc('month', from_on) AS month, median(unit_cost) AS unit_cost,
           count(*) AS n
    FROM counted_bill
    WHERE copy = 1 AND used > 0
    GROUP BY ALL
)
SELECT b.bill_id, CAST(round(b.charged - t.unit_cost * b.used) AS BIGINT) AS over_minor
FROM counted_bill b
JOIN typical t ON t.party_key = b.party_key AND t.service = b.service
    AND t.rate_class IS NOT DISTINCT FROM b.rate_class AND t.month = date_trunc('month', b.from_on)
WHERE b.copy = 1 AND t.n >= 5 AND b.unit_cost > t.unit_cost * 1.1
