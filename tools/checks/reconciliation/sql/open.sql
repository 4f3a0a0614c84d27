-- open: what nothing has claimed yet
CREATE OR REPLACE TEMP TABLE open AS
SELECT i.*
FROM open i
ANTI JOIN (
    SELECT left_id AS id FROM claim WHERE rowid >= $since UNION ALL SELECT right_id FROM claim WHERE rowid >= $since
) c ON c.id = i.id
