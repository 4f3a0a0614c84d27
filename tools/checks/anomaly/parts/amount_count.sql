-- amount_count: amounts that one vendor has more than once
-- purpose: the only rows on which a payment can stand twice
-- source: Nigrini, Forensic Analytics (2011), ch. 12 (same-same tests)
-- with: spend
SELECT c.party, c.amount_minor, c.n
FROM (
    SELECT party, amount_minor, count(*) AS n
    FROM spend
    WHERE posted_day IS NOT NULL AND NOT is_void
    GROUP BY party, amount_minor
    HAVING count(*) > 1
) c
JOIN party p ON p.party = c.party
WHERE p.vendor <> ''
