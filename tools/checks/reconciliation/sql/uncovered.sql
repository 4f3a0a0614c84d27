-- uncovered: open lines of one side that go the way on which the other side has none
SELECT m.money AS currency, count(*) AS rows, CAST(sum(m.amount_minor) AS BIGINT) AS amount_minor
FROM missing m
WHERE m.side = $side AND sign(m.amount) NOT IN (SELECT sign(i.amount) FROM item i WHERE i.side <> $side)
GROUP BY m.money ORDER BY m.money
