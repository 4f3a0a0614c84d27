-- digit_count: how often amounts of each source begin and end with which digits
-- purpose: what the digit tests count; figures come from integer minor units, so that no binary fraction bends them
-- source: Nigrini, Benford's Law (2012), ch. 5
-- with: amount_seen
SELECT source, currency, length(CAST(abs(amount_minor) AS VARCHAR)) AS figures,
       CAST(substr(CAST(abs(amount_minor) AS VARCHAR) || '0', 1, 2) AS INTEGER) AS first_two,
       CAST(abs(amount_minor) % 100 AS INTEGER) AS last_two, sum(n) AS n
FROM amount_seen
WHERE amount_minor > 0 OR kind = 'ledger'
GROUP BY source, currency, length(CAST(abs(amount_minor) AS VARCHAR)),
         CAST(substr(CAST(abs(amount_minor) AS VARCHAR) || '0', 1, 2) AS INTEGER),
         CAST(abs(amount_minor) % 100 AS INTEGER)
