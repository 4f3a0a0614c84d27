SELECT row_key, day, vendor, person, account, category, source, currency, value, document, part
FROM chosen
ORDER BY CASE WHEN $order NOT IN ('latest', 'earliest') THEN currency IS DISTINCT FROM $home END,
  CASE WHEN $order = 'least' THEN value END, CASE WHEN $order = 'latest' THEN day END DESC,
  CASE WHEN $order = 'earliest' THEN day END, abs(value) DESC, document, row_key
LIMIT $most
