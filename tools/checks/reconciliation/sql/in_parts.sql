-- in_parts: several documents that name one row, and sum to it, or to what it was before a tip
INSERT INTO claim
WITH linked_row AS (
    SELECT o.id, o.side, o.amount, o.currency, t.txn_id, t.linked_id, t.row_key FROM open o JOIN posting t ON t.id = o.id
), pair AS (
    SELECT l.id AS left_id, r.id AS right_id, l.amount, r.amount AS part, r.row_key,
           sum(r.amount) OVER (PARTITION BY l.id) AS total, count(*) OVER (PARTITION BY l.id) AS parts,
           max(CASE WHEN r.amount = l.amount THEN 1 ELSE 0 END) OVER (PARTITION BY l.id) AS alone,
           row_number() OVER (PARTITION BY l.id ORDER BY r.row_key) AS nth,
           count(*) OVER (PARTITION BY r.id) AS claimed
    FROM linked_row l JOIN linked_row r ON r.linked_id = l.txn_id AND r.currency = l.currency
    WHERE l.side = 0 AND r.side = 1
)
SELECT left_id, right_id, NULL, left_id, '1:N', 'linked', CASE WHEN total = amount THEN 0.995 WHEN close THEN 0.97 ELSE 0.9 END,
       part + CASE WHEN nth = 1 THEN amount - total ELSE 0 END, CASE WHEN nth = 1 THEN amount - total ELSE 0 END,
       CASE WHEN total = amount OR nth > 1 THEN NULL WHEN close THEN 'tolerance' ELSE 'amount' END
FROM (SELECT *, abs(amount - total) <= $tolerance * abs(amount) AS close FROM pair)
WHERE parts > 1 AND alone = 0 AND claimed = 1 AND (close OR amount - total BETWEEN 0 AND $largest * total)
