-- record_keyed: what was claimed, with the keys of its rows beside it; both rows of an offset are of one side
INSERT INTO match
SELECT c.pair, {first_key}, c.left_row_key, c.right_row_key, c.left_txn_id, c.right_txn_id, c.kind, c.pass, c.confidence,
       c.covers, c.difference, CASE c.side WHEN 0 THEN 'left' WHEN 1 THEN 'right' ELSE c.reason END
FROM keyed c {groups}
