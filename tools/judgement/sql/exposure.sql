-- Exposure in the entity's currency, at the last rate known on the day (else the last known at all).
UPDATE suspect SET exposure_base = priced.base
FROM (
    SELECT s.row_key,
           CAST(round(s.exposure_minor * coalesce(r.rate_e9, last.rate_e9, 1000000000) / 1e9
                      * pow(10.0, home.digits - away.digits)) AS BIGINT) AS base
    FROM suspect s
    JOIN digits away ON away.currency = s.currency
    JOIN digits home ON home.currency = $currency
    ASOF LEFT JOIN rate r ON r.currency = s.currency AND r.day <= s.posted_on
    LEFT JOIN (
        SELECT currency, max_by(rate_e9, day) AS rate_e9 FROM rate GROUP BY currency
    ) last ON last.currency = s.currency
) priced
WHERE priced.row_key = suspect.row_key
