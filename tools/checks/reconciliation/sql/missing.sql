-- missing: open rows that are to be reported
CREATE OR REPLACE TEMP TABLE missing AS
SELECT w.*
FROM wide w
SEMI JOIN open o ON o.side = w.side AND o.id = w.id
WHERE w.scope <> 'history' AND (w.side = 1 OR {condition})
