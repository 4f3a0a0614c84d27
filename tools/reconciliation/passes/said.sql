-- said: open rows that call themselves a fee or interest
WITH o AS (
    SELECT o.id, 'left' AS side, i.row_key FROM open_left o JOIN item_left i ON i.rowid = o.id
    UNION ALL
    SELECT o.id, 'right', i.row_key FROM open_right o JOIN item_right i ON i.rowid = o.id
), word AS (
    SELECT o.id, o.side, unnest(string_split_regex(upper(t.description), '[^A-Z]+')) AS word
    FROM o JOIN txn t ON t.row_key = o.row_key
)
SELECT id, side, max(CASE WHEN word IN (SELECT unnest($interest)) THEN 'interest' ELSE 'fee' END) AS word
FROM word
WHERE word IN (SELECT unnest($fee)) OR word IN (SELECT unnest($interest))
GROUP BY id, side
