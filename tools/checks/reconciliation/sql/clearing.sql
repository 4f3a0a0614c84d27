-- clearing: the first and last day of each side, the last that either reaches, how many days all but a few matches take, and how
--   many after the day that they were due all but a few of those that have one are paid
WITH taken AS (
    SELECT l.day AS left_day, r.day AS right_day, coalesce(p.due_day, q.due_day) AS due_day
    FROM (SELECT left_id, right_id FROM claim WHERE side IS NULL LIMIT 100000) c
    JOIN item l ON l.id = c.left_id AND l.side = 0
    JOIN item r ON r.id = c.right_id AND r.side = 1
    LEFT JOIN (SELECT id, due_day FROM posting WHERE due_day IS NOT NULL) p ON p.id = c.left_id
    LEFT JOIN (SELECT id, due_day FROM posting WHERE due_day IS NOT NULL) q ON q.id = c.right_id
)
SELECT (SELECT min(day) FROM item WHERE side = 0) AS left_from, (SELECT min(day) FROM item WHERE side = 1) AS right_from,
       (SELECT max(day) FROM item WHERE side = 0) AS left_until, (SELECT max(day) FROM item WHERE side = 1) AS right_until,
       (SELECT max(day) FROM item) AS last,
       quantile_disc(abs(right_day - left_day), 0.99) AS clears,
       quantile_disc(greatest(left_day, right_day) - due_day, 0.95) AS overdue
FROM taken
