-- remark: open rows that call themselves a returned payment or, if small, a fee or interest
WITH word AS (
    SELECT m.id, m.side, abs(m.amount) <= $small AS small,
           unnest(string_split_regex(upper(m.description), '[^A-Z]+')) AS word
    FROM missing m
)
SELECT id, side, max(CASE WHEN list_contains($returned, word) THEN 'returned'
                          WHEN list_contains($interest, word) THEN 'interest' ELSE 'fee' END) AS word
FROM word
WHERE list_contains($returned, word) OR small AND (list_contains($fee, word) OR list_contains($interest, word))
GROUP BY id, side
