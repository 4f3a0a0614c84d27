-- clearing: the first day of each side, the last that either reaches, and how many days all but a few matches take
SELECT (SELECT min(day) FROM item WHERE side = 0) AS left_from, (SELECT min(day) FROM item WHERE side = 1) AS right_from,
       (SELECT max(day) FROM item) AS last,
       (SELECT quantile_disc(abs(r.day - l.day), 0.99)
        FROM (SELECT left_id, right_id FROM claim WHERE side IS NULL LIMIT 100000) c
        JOIN item l ON l.id = c.left_id AND l.side = 0
        JOIN item r ON r.id = c.right_id AND r.side = 1) AS clears
