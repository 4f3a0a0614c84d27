-- Rows in which a selected unit of money lies: start, start + interval, start + 2 x interval ...
WITH book AS (
  SELECT row_key, source, txn_id, posted_on, posted_day, vendor_name, reference, description, amount_minor, currency,
    file, line,
    CAST(sum(abs(amount_minor)) OVER (ORDER BY posted_day NULLS FIRST, row_key ROWS UNBOUNDED PRECEDING) AS BIGINT) AS up_to
  FROM txn
  WHERE scope = 'window' AND currency = $currency AND list_contains($sources::VARCHAR[], source)
    AND amount_minor <> 0 AND row_key NOT IN (SELECT unnest($flagged::VARCHAR[]))
)
SELECT *, (up_to - $start + $interval) // $interval - (up_to - abs(amount_minor) - $start + $interval) // $interval AS hits
FROM book
WHERE hits > 0
ORDER BY up_to
