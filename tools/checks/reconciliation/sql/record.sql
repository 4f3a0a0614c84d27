-- record: what was claimed, by the rows' keys; both rows of an offset are of one side
INSERT INTO match
WITH claimed AS NOT MATERIALIZED (
    SELECT * FROM settled WHERE list_contains($pairs, pair)
), grouped AS (
    SELECT c.pair, c.grouped, min(t.row_key) AS first_key
    FROM claimed c JOIN posting t ON t.id = c.left_id
    WHERE c.grouped IS NOT NULL
    GROUP BY c.pair, c.grouped
)
SELECT c.pair, coalesce(g.first_key, l.row_key), l.row_key, r.row_key, l.txn_id, r.txn_id, c.kind, c.pass,
       c.confidence, c.covers, c.difference,
       CASE c.side WHEN 0 THEN 'left' WHEN 1 THEN 'right' ELSE c.reason END
FROM claimed c
JOIN posting l ON l.id = c.left_id
JOIN posting r ON r.id = c.right_id
LEFT JOIN grouped g ON g.pair = c.pair AND g.grouped = c.grouped
