-- slips: open rows and their nearest of the same name or number, where the amounts differ
SELECT n.id, 'left' AS side, l.amount, r.amount AS other
FROM near_left n JOIN item_left l ON l.rowid = n.id JOIN item_right r ON r.rowid = n.nearest.other_id
WHERE n.nearest.gap <> 0 AND (n.nearest.by <= 3 OR n.nearest.same_name)
UNION ALL
SELECT n.id, 'right', r.amount, l.amount
FROM near_right n JOIN item_right r ON r.rowid = n.id JOIN item_left l ON l.rowid = n.nearest.other_id
WHERE n.nearest.gap <> 0 AND (n.nearest.by <= 3 OR n.nearest.same_name)
