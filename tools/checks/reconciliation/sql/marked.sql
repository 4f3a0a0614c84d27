-- marked: references that agree but for punctuation, once on each side, within the window
INSERT INTO claim
SELECT l, r, NULL, NULL, '1:1', CASE WHEN days = 0 THEN 'exact' WHEN abs(lag) <= $window THEN 'window' ELSE 'late' END,
       $confidence, amount, 0, NULL
FROM (
    SELECT amount, min(CASE WHEN side = 0 THEN id END) AS l, min(CASE WHEN side = 1 THEN id END) AS r,
           sum(CASE WHEN side = 1 THEN work ELSE -work END) AS lag,
           sum(CASE WHEN side = 1 THEN day ELSE -day END) AS days
    FROM wide
    WHERE {key} IS NOT NULL
    GROUP BY amount, currency, {key}
    HAVING count(*) = 2 AND sum(side) = 1
)
WHERE lag BETWEEN $earliest AND $latest
