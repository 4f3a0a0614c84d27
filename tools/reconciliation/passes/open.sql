-- open: what nothing has claimed yet
CREATE OR REPLACE TEMP TABLE open AS
SELECT i.*
FROM {among} i
ANTI JOIN (
    SELECT left_id AS id, coalesce(side, 0) AS side FROM claim
    UNION ALL
    SELECT right_id, coalesce(side, 1) FROM claim
) c ON c.id = i.id AND c.side = i.side
