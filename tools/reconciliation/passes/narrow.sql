-- narrow: what nothing has claimed yet
CREATE OR REPLACE TEMP TABLE open_{side} AS
SELECT i.rowid AS id, i.* EXCLUDE (row_key, txn_id)
FROM item_{side} i
ANTI JOIN (
    SELECT {side}_id AS id FROM claim WHERE side IS NULL
    UNION ALL SELECT left_id FROM claim WHERE side = '{side}'
    UNION ALL SELECT right_id FROM claim WHERE side = '{side}'
) c ON c.id = i.rowid
