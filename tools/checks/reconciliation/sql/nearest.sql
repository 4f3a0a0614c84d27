-- nearest: of what comes equally near to an open row, the first by its key
CREATE OR REPLACE TEMP TABLE nearest AS
WITH near AS (
    SELECT 0 AS side, * FROM near_left UNION ALL SELECT 1, * FROM near_right
), first_row AS (
    SELECT n.side, n.id, arg_min({'other_id': n.other_id, 'by': n.by, 'gap': n.gap, 'days': n.days,
                                  'same_name': n.same_name, 'other_name': n.other_name, 'row_key': t.row_key},
                                 t.row_key) AS first_row
    FROM near n JOIN posting t ON t.id = n.other_id
    GROUP BY n.side, n.id
)
SELECT side, id, unnest(first_row) FROM first_row
