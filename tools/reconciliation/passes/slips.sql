-- slips: open rows and their nearest of the same name or number, where the amounts differ
SELECT m.id, m.side, m.amount, m.amount - n.nearest.gap AS other
FROM missing m
JOIN (SELECT 0 AS side, * FROM near_left UNION ALL SELECT 1, * FROM near_right) n ON n.id = m.id AND n.side = m.side
WHERE n.nearest.gap <> 0 AND (n.nearest.by <= 3 OR n.nearest.same_name)
