-- clearing: the last day that either side reaches, and how many days all but a few matches take to clear
SELECT greatest((SELECT max(day) FROM item_left), (SELECT max(day) FROM item_right)) AS last,
       (SELECT quantile_disc(abs(r.day - l.day), 0.99)
        FROM claim c JOIN item_left l ON l.rowid = c.left_id JOIN item_right r ON r.rowid = c.right_id
        WHERE c.side IS NULL) AS clears
