-- linked: a document that names its transaction, or a transaction that names its document
INSERT INTO claim
WITH named AS (
    SELECT l.rowid AS left_id, r.rowid AS right_id, l.amount, l.amount - r.amount AS difference,
           row_number() OVER (PARTITION BY l.rowid ORDER BY abs(r.amount - l.amount), r.tie) AS nth_right,
           row_number() OVER (PARTITION BY r.rowid ORDER BY abs(r.amount - l.amount), l.tie) AS nth_left,
           abs(l.amount - r.amount) <= $tolerance * abs(l.amount) AS close
    FROM item_left l
    JOIN item_right r ON r.currency = l.currency AND (r.linked_id = l.txn_id OR l.linked_id = r.txn_id)
)
SELECT left_id, right_id, NULL, NULL, '1:1', 'linked', CASE WHEN difference = 0 THEN 0.995
       WHEN close THEN 0.97 ELSE 0.9 END, amount, difference,
       CASE WHEN difference = 0 THEN NULL WHEN close THEN 'tolerance' ELSE 'amount' END
FROM named
WHERE nth_right = 1 AND nth_left = 1
