SELECT part, currency, rows, first_day, last_day,
  CASE $aggregate WHEN 'count' THEN rows WHEN 'distinct' THEN subjects WHEN 'largest' THEN largest
    WHEN 'smallest' THEN smallest WHEN 'sum' THEN total WHEN 'total' THEN total END AS whole,
  CASE $aggregate WHEN 'average' THEN mean END AS mean,
  CASE $aggregate WHEN 'first' THEN first_day WHEN 'last' THEN last_day END AS on_day,
  count(*) OVER () AS parts
FROM (
  SELECT part, CASE WHEN $by_currency THEN currency END AS currency, count(*) AS rows, count(DISTINCT thing) AS subjects,
    max(CAST(value AS BIGINT)) AS largest, min(CAST(value AS BIGINT)) AS smallest,
    sum(CAST(value AS BIGINT)) AS total, avg(value) AS mean, min(day) AS first_day, max(day) AS last_day
  FROM chosen GROUP BY ALL
)
-- Amounts of two currencies are in no order: the first are taken of each.
QUALIFY row_number() OVER (PARTITION BY currency ORDER BY
  CASE WHEN $order = 'part' THEN part END,
  CASE WHEN $order = 'least' THEN coalesce(whole, mean) END,
  coalesce(whole, mean) DESC NULLS LAST, part) <= $most
ORDER BY
  CASE WHEN $order = 'part' THEN part END,
  currency IS DISTINCT FROM $home,
  CASE WHEN $order = 'least' THEN coalesce(whole, mean) END,
  coalesce(whole, mean) DESC NULLS LAST, part, currency
