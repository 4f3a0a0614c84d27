-- record: what was claimed, by the rows' keys
INSERT INTO match
SELECT $pair,
       $pair || ':' || min(l.row_key) OVER (PARTITION BY coalesce(c.grouped, -1 - c.rowid)),
       l.row_key, r.row_key, l.txn_id, r.txn_id, c.kind, c.pass, c.confidence, c.covers, c.difference, c.reason
FROM claim c
JOIN item_left l ON l.rowid = c.left_id
JOIN item_right r ON r.rowid = c.right_id
WHERE c.side IS NULL
