-- first_posted: of twins that share the other row's reference, the one entered first is matched
CREATE OR REPLACE TEMP TABLE swap AS
WITH twin AS (
    SELECT c.rowid AS claim, arg_min(w.id, (o.day, w.row_key)) AS first_id
    FROM open o
    JOIN wide w ON w.side = o.side AND w.id = o.id
    JOIN item m ON m.side = o.side AND m.mark = o.mark AND m.amount = o.amount AND m.currency = o.currency
     AND m.day > o.day AND m.name IS NOT DISTINCT FROM o.name
    JOIN claim c ON c.{name}_id = m.id AND c.side IS NULL AND c.kind = '1:1'
    JOIN item x ON x.side = {opposite} AND x.id = c.{opposite_name}_id AND x.mark = m.mark
    WHERE o.side = {side}
    GROUP BY c.rowid
)
SELECT min(claim) AS claim, first_id FROM twin GROUP BY first_id
