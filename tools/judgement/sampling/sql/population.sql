-- What a sample is drawn from: how many rows, their sizes together, and what is left aside.
WITH book AS (
  SELECT row_key, amount_minor, row_key IN (SELECT unnest($flagged::VARCHAR[])) AS flagged
  FROM txn
  WHERE scope = 'window' AND currency = $currency AND list_contains($sources::VARCHAR[], source)
)
SELECT
  count(*) FILTER (WHERE NOT flagged AND amount_minor <> 0) AS rows,
  CAST(coalesce(sum(abs(amount_minor)) FILTER (WHERE NOT flagged), 0) AS BIGINT) AS book_minor,
  count(*) FILTER (WHERE NOT flagged AND amount_minor = 0) AS zero_rows,
  count(*) FILTER (WHERE NOT flagged AND amount_minor < 0) AS negative_rows,
  count(*) FILTER (WHERE flagged) AS flagged_rows
FROM book
