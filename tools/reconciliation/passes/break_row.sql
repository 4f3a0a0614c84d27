-- break_row: an open row, its nearest candidate (open or taken) by amount within the window, and why not
INSERT INTO break
WITH l AS (
    SELECT i.rowid AS id, i.* FROM item_{side} i SEMI JOIN open_{side} o ON o.id = i.rowid
    WHERE i.scope <> 'history' AND {condition}
), near AS (
    SELECT l.id, arg_min(i.row_key, (abs(i.amount - l.amount), abs(i.day - l.day), i.tie)) AS nearest_key,
           arg_min(i.amount - l.amount, (abs(i.amount - l.amount), abs(i.day - l.day), i.tie)) AS gap,
           arg_min(i.day - l.day, (abs(i.amount - l.amount), abs(i.day - l.day), i.tie)) AS days,
           arg_min(c.{other}_id IS NOT NULL, (abs(i.amount - l.amount), abs(i.day - l.day), i.tie)) AS taken
    FROM l
    JOIN item_{other} i ON i.currency = l.currency AND i.day // 16 BETWEEN l.day // 16 - 1 AND l.day // 16 + 1
     AND abs(i.amount - l.amount) <= greatest($tolerance, 0.02) * abs(l.amount)
    LEFT JOIN claim c ON c.{other}_id = i.rowid
    GROUP BY l.id
)
SELECT $pair, '{side}', l.row_key, l.txn_id,
       CASE WHEN n.nearest_key IS NOT NULL AND n.gap = 0 AND n.taken THEN 'duplicate'
            WHEN n.nearest_key IS NOT NULL AND n.gap = 0 THEN 'timing'
            WHEN n.nearest_key IS NOT NULL AND NOT n.taken THEN 'amount'
            WHEN l.day >= datediff('day', DATE '1970-01-01', CAST($as_of AS DATE)) - $window THEN 'timing'
            ELSE $missing END,
       l.amount, l.currency, coalesce(n.gap, l.amount), n.nearest_key,
       CASE WHEN n.nearest_key IS NULL THEN 'nothing near in amount and date'
            WHEN n.taken THEN 'the nearest is matched with another row'
            WHEN n.gap = 0 THEN 'same amount, ' || abs(n.days) || ' days apart'
            ELSE 'off by ' || abs(n.gap) || ' minor units, ' || abs(n.days) || ' days apart' END,
       datediff('day', DATE '1970-01-01', CAST($as_of AS DATE)) - l.day
FROM l LEFT JOIN near n ON n.id = l.id
