-- named: rows matched one against one, with what either says of its party
SELECT c.rowid AS claim, concat_ws(' ', l.vendor_name, l.description) AS l_text,
       concat_ws(' ', r.vendor_name, r.description) AS r_text, 
       il.name IS NOT NULL AND ir.name IS NOT NULL AS named,
       coalesce(il.name IN (SELECT name FROM item_right WHERE name IS NOT NULL), false) AS l_known,
       coalesce(ir.name IN (SELECT name FROM item_left WHERE name IS NOT NULL), false) AS r_known
FROM claim c
JOIN item_left il ON il.rowid = c.left_id
JOIN item_right ir ON ir.rowid = c.right_id
JOIN txn l ON l.row_key = il.row_key
JOIN txn r ON r.row_key = ir.row_key
WHERE c.side IS NULL AND c.kind = '1:1' AND c.reason IS NULL
  AND (il.name IS NULL OR ir.name IS NULL OR il.name <> ir.name)
ORDER BY c.left_id
LIMIT $most
