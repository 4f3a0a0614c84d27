-- Exposure in the entity's currency, at the last rate known on the day (else the last known at all).
-- In whole numbers: a float has no cents in a thousand million, and a 64-bit product of amount and rate no room.
UPDATE suspect SET exposure_base = CAST((2 * priced.paid + priced.unit) // (2 * priced.unit) AS BIGINT)
FROM (
    SELECT s.row_key,
           CAST(s.exposure_minor AS HUGEINT) * coalesce(r.rate_e9, last.rate_e9, 1000000000)
               * [1, 10, 100, 1000, 10000][greatest(home.digits - away.digits, 0) + 1] AS paid,
           CAST(1000000000 AS HUGEINT) * [1, 10, 100, 1000, 10000][greatest(away.digits - home.digits, 0) + 1] AS unit
    FROM suspect s
    JOIN digits away ON away.currency = s.currency
    JOIN digits home ON home.currency = $currency
    ASOF LEFT JOIN rate r ON r.currency = s.currency AND r.day <= s.posted_on
    LEFT JOIN (
        SELECT currency, max_by(rate_e9, day) AS rate_e9 FROM rate GROUP BY currency
    ) last ON last.currency = s.currency
) priced
WHERE priced.row_key = suspect.row_key
