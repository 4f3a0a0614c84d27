-- first_posted: of twins that share the other row's reference, the one entered first is matched
WITH twin AS (
    SELECT c.rowid AS claim, arg_min(o.id, (o.day, o.tie)) AS first_id
    FROM claim c
    JOIN item_{side} m ON m.rowid = c.{side}_id
    JOIN item_{other} x ON x.rowid = c.{other}_id AND x.mark = m.mark
    JOIN open_{side} o ON o.mark = m.mark AND o.amount = m.amount AND o.currency = m.currency AND o.day < m.day
     AND o.name IS NOT DISTINCT FROM m.name
    WHERE c.side IS NULL AND c.kind = '1:1'
    GROUP BY c.rowid
), once AS (
    SELECT min(claim) AS claim, first_id FROM twin GROUP BY first_id
)
UPDATE claim SET {side}_id = o.first_id FROM once o WHERE claim.rowid = o.claim
