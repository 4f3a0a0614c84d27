-- linked: a document that names its transaction, or a transaction that names its document
INSERT INTO claim
WITH linked_row AS (
    SELECT i.id, i.side, i.amount, i.currency, t.txn_id, t.linked_id, t.row_key
    FROM open i JOIN posting t ON t.id = i.id
), pair AS (
    SELECT l.id AS left_id, r.id AS right_id, l.amount, l.amount - r.amount AS difference, l.row_key AS l_key,
           r.row_key AS r_key
    FROM linked_row l JOIN linked_row r ON r.linked_id = l.txn_id AND r.currency = l.currency
    WHERE l.side = 0 AND r.side = 1
    UNION
    SELECT l.id, r.id, l.amount, l.amount - r.amount, l.row_key, r.row_key
    FROM linked_row l JOIN linked_row r ON r.txn_id = l.linked_id AND r.currency = l.currency
    WHERE l.side = 0 AND r.side = 1
), named AS (
    SELECT left_id, right_id, amount, difference,
           row_number() OVER (PARTITION BY left_id ORDER BY abs(difference), r_key) AS nth_right,
           row_number() OVER (PARTITION BY right_id ORDER BY abs(difference), l_key) AS nth_left,
           abs(difference) <= $tolerance * abs(amount) AS close
    FROM pair
)
SELECT left_id, right_id, NULL, NULL, '1:1', 'linked',
       CASE WHEN difference = 0 THEN 0.995 WHEN close THEN 0.97 ELSE 0.9 END, amount, difference,
       CASE WHEN difference = 0 THEN NULL WHEN close THEN 'tolerance' ELSE 'amount' END
FROM named
WHERE nth_right = 1 AND nth_left = 1
