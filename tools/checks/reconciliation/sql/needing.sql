-- needing: open left rows that need a right one
SELECT t.id
FROM posting t SEMI JOIN open o ON o.side = 0 AND o.id = t.id
WHERE {condition}
