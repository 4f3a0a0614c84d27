-- unique: a key that stands once on each side
SELECT min(CASE WHEN side = 0 THEN id END) AS left_id, min(CASE WHEN side = 1 THEN id END) AS right_id, amount,
       sum(CASE WHEN side = 1 THEN work ELSE -work END) AS lag,
       sum(CASE WHEN side = 1 THEN day ELSE -day END) AS days
FROM {among}
WHERE {key} IS NOT NULL
GROUP BY amount, currency, {keys}
HAVING count(*) = 2 AND sum(side) = 1
