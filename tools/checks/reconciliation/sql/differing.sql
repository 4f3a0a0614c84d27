-- differing: references that stand once on each side, though the amounts differ; in an order that says nothing of them
SELECT min(CASE WHEN side = 0 THEN id END) AS left_id, min(CASE WHEN side = 1 THEN id END) AS right_id,
       min(CASE WHEN side = 0 THEN amount END) AS amount, min(CASE WHEN side = 1 THEN amount END) AS right_amount
FROM open
WHERE mark IS NOT NULL
GROUP BY currency, mark
HAVING count(*) = 2 AND sum(side) = 1
   AND sum(CASE WHEN side = 1 THEN work ELSE -work END) BETWEEN $earliest AND $latest
ORDER BY mark, currency
