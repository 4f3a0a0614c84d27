-- said: open rows that call themselves a fee or interest
WITH word AS (
    SELECT m.id, m.side, unnest(string_split_regex(upper(m.description), '[^A-Z]+')) AS word FROM missing m
    WHERE abs(m.amount) <= $small
)
SELECT id, side, max(CASE WHEN list_contains($interest, word) THEN 'interest' ELSE 'fee' END) AS word
FROM word
WHERE list_contains($fee, word) OR list_contains($interest, word)
GROUP BY id, side
