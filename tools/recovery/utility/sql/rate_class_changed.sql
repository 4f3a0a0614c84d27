-- Another rate class for a while, and a dearer one than that before and behind it.
WITH typical AS (
    SELECT party_key, service, rate_class, date_trunc('month', from_on) AS month, median(unit_cost) AS unit_cost
    FROM counted_bill
    WHERE copy = 1
    GROUP BY ALL
)
SELECT b.bill_id, CAST(round(b.charged - t.unit_cost * b.used) AS BIGINT) AS over_minor
FROM counted_bill b
JOIN typical t ON t.party_key = b.party_key AND t.service = b.service AND t.rate_class = b.last_class
    AND t.month = date_trunc('month', b.from_on)
WHERE b.copy = 1 AND b.rate_class <> b.last_class AND b.last_class IN (b.next_class, b.later_class)
    AND b.unit_cost > t.unit_cost * 1.02
