-- Rows that could be a row's other half: near in amount and day, whatever their source.
WITH one AS (SELECT * FROM txn WHERE row_key = $row_key)
SELECT t.*, abs(abs(t.amount_minor) - abs(o.amount_minor)) AS apart, t.posted_day - o.posted_day AS days
FROM txn t, one o
WHERE t.row_key <> o.row_key AND t.currency = o.currency
  AND abs(t.posted_day - o.posted_day) <= $days
  AND abs(abs(t.amount_minor) - abs(o.amount_minor)) * 100 <= abs(o.amount_minor) * $percent
ORDER BY apart, abs(days), t.source, t.row_key
LIMIT $most
