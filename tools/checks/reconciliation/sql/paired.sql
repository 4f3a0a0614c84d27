-- paired: rows of either side that have their keys in common, up to a number
SELECT l.id AS left_id, r.id AS right_id, l.amount, r.work - l.work AS lag, r.day - l.day AS days
FROM {among} l JOIN {among} r ON r.amount = l.amount AND r.currency = l.currency AND {same}
WHERE l.side = 0 AND r.side = 1
LIMIT $most
