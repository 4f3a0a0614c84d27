-- record_offset: entries of one side that take each other back; both keys are of that side
INSERT INTO match
SELECT $pair, $pair || ':' || l.row_key, l.row_key, r.row_key, l.txn_id, r.txn_id, c.kind, c.pass, c.confidence,
       c.covers, c.difference, '{side}'
FROM claim c
JOIN item_{side} l ON l.rowid = c.left_id
JOIN item_{side} r ON r.rowid = c.right_id
WHERE c.side = '{side}'
