-- slips: open rows and their nearest of the same name or number, where the amounts differ
SELECT m.id, m.side, m.amount, m.amount - n.gap AS nearest_amount
FROM missing m
JOIN nearest n ON n.id = m.id AND n.side = m.side
WHERE n.gap <> 0 AND (n.by <= 3 OR n.same_name)
