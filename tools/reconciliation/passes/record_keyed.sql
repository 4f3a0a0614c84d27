-- record_keyed: what was claimed, with the keys of its rows beside it; both rows of an offset are of one side
INSERT INTO match
WITH grouped AS (
    SELECT pair, grouped, min(left_row_key) AS first_key FROM keyed WHERE grouped IS NOT NULL GROUP BY pair, grouped
)
SELECT c.pair, coalesce(g.first_key, c.left_row_key), c.left_row_key, c.right_row_key, c.left_txn_id, c.right_txn_id,
       c.kind, c.pass, c.confidence, c.covers, c.difference,
       CASE c.side WHEN 0 THEN 'left' WHEN 1 THEN 'right' ELSE c.reason END
FROM keyed c
LEFT JOIN grouped g ON g.pair = c.pair AND g.grouped = c.grouped
