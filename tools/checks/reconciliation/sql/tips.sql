-- tips: where charges of a category are often above their receipts by little, the difference is a tip
UPDATE claim SET reason = 'tip'
WHERE reason IN ('amount', 'tolerance', 'fee') AND left_id IN (
    WITH charge AS (
        SELECT left_id, sum(difference) > 0 AND sum(difference) <= $largest * sum(covers - difference) AS above
        FROM claim WHERE side IS NULL GROUP BY left_id
    ), judged AS (
        SELECT c.left_id, c.above, t.category FROM charge c JOIN posting t ON t.id = c.left_id
        WHERE t.category IS NOT NULL
    ), usual AS (
        SELECT category FROM judged GROUP BY category
        HAVING count(*) FILTER (WHERE above) >= $least AND count(*) FILTER (WHERE above) >= $share * count(*)
    )
    SELECT j.left_id FROM judged j JOIN usual u ON u.category = j.category WHERE j.above
)
