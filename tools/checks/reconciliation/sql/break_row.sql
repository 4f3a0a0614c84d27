-- break_row: each open row with its reason, its nearest candidate, why that is not its match, and its age
-- regular: one of a series of equal amounts that stands as far from its neighbours as they do from each other: the
--   rent of a month is no copy of the month before; nor is an invoice with a number of its own
INSERT INTO break
WITH series AS (
    SELECT g.currency, g.amount, g.name, median(g.step) AS step
    FROM (SELECT i.currency, i.amount, i.name, i.day - lag(i.day) OVER (PARTITION BY i.currency, i.amount, i.name ORDER BY i.day) AS step
          FROM item i SEMI JOIN missing m ON m.side = {side} AND m.currency = i.currency AND m.amount = i.amount AND m.name = i.name
          WHERE i.side = {side}) g
    GROUP BY g.currency, g.amount, g.name HAVING count(*) BETWEEN 3 AND $crowd
), regular AS (
    SELECT m.id
    FROM missing m JOIN series r ON r.currency = m.currency AND r.amount = m.amount AND r.name = m.name
    JOIN item i ON i.side = {side} AND i.currency = m.currency AND i.amount = m.amount AND i.name = m.name AND i.id <> m.id
    WHERE m.side = {side} AND r.step >= $often
    GROUP BY m.id, r.step HAVING 2 * min(abs(i.day - m.day)) >= r.step
), nearest_row AS (
    SELECT m.*, n.other_id, n.by, n.gap, n.days, coalesce(n.same_name, false) OR n.by <= 3 AS same,
           coalesce(n.other_name, false) AS foreign_name, n.row_key AS nearest_key,
           c.id IS NULL AND n.id IS NOT NULL AS is_matched,
           n.by > 3 AND (g.id IS NOT NULL OR ($missing = 'unpaid' AND m.invoice_no IS NOT NULL)) AS is_apart, e.reason AS slip, s.word,
           CASE WHEN n.other_id IS NULL AND m.day > $other_closed
                THEN DATE '1970-01-01' + CAST($other_until AS INTEGER) END AS other_until
    FROM missing m
    LEFT JOIN nearest n ON n.id = m.id AND n.side = m.side
    LEFT JOIN open c ON c.side = {opposite} AND c.id = n.other_id
    LEFT JOIN slip e ON e.id = m.id AND e.side = {side}
    LEFT JOIN regular g ON g.id = m.id
    LEFT JOIN remark s ON s.id = m.id AND s.side = {side}
    WHERE m.side = {side}
)
SELECT $pair, '{name}', s.row_key, s.txn_id,
       CASE WHEN s.gap = 0 AND s.same AND s.is_matched AND NOT s.is_apart AND $missing <> 'missing_receipt' THEN 'duplicate'
            WHEN s.same AND NOT s.is_matched AND s.slip IS NOT NULL AND abs(s.days) <= $clears THEN s.slip
            WHEN s.same AND NOT s.is_matched AND s.by <= 2 AND s.gap <> 0 THEN 'amount'
            WHEN s.same AND NOT s.is_matched AND s.gap <> 0 AND abs(s.days) <= $window AND 2 * abs(s.gap) < abs(s.amount)
            THEN 'amount'
            WHEN s.gap = 0 AND NOT s.is_matched AND abs(s.days) <= $clears AND s.foreign_name THEN 'wrong_party'
            WHEN s.gap = 0 AND NOT s.is_matched AND abs(s.days) <= $clears THEN 'ambiguous'
            WHEN s.word IS NOT NULL THEN s.word
            WHEN $missing = 'missing_receipt' THEN $missing
            WHEN s.day < $other_from THEN 'prior_period'
            WHEN s.day > $today - $clears OR coalesce(s.due_day + $overdue >= $today, false) THEN 'timing'
            WHEN $missing = 'missing' AND s.other_until IS NOT NULL THEN 'later_period'
            ELSE $missing END,
       s.amount_minor, s.money, CASE WHEN s.gap IS NULL THEN s.amount ELSE s.gap END, s.nearest_key,
       CASE WHEN s.other_id IS NULL AND s.day < $other_from THEN 'the other side begins in a later month'
            WHEN s.other_until IS NOT NULL THEN 'the last row of the other side is of ' || CAST(s.other_until AS VARCHAR)
            WHEN s.other_id IS NULL THEN 'nothing comes near in reference, name, amount or date'
            ELSE CASE s.by WHEN 1 THEN 'the document that names it' WHEN 2 THEN 'the row with its reference'
                           WHEN 3 THEN 'the row with its name or number' WHEN 4 THEN 'the row with its amount'
                           ELSE 'the row with its vendor' END
                 || CASE WHEN s.gap <> 0 THEN ' differs by ' || abs(s.gap) || ' minor units' ELSE '' END
                 || CASE WHEN s.days <> 0 THEN CASE WHEN s.gap <> 0 THEN ',' ELSE '' END || ' is '
                         || abs(s.days) || CASE WHEN s.days > 0 THEN ' days later' ELSE ' days earlier' END ELSE '' END
                 || CASE WHEN s.is_matched THEN ', and is matched with another row'
                         WHEN s.foreign_name THEN ', and names somebody else' ELSE '' END END,
       $today - s.day, s.other_until
FROM nearest_row s
