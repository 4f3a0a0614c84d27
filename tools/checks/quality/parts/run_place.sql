-- run_place: the 31 places of a run, and the bit of each
-- purpose: runs of ids are told apart into their numbers where one of them repeats or is missing
-- source: see id_run
WITH digit AS (
    SELECT d FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS t(d)
)
SELECT 10 * a.d + b.d AS place, 1 << (10 * a.d + b.d) AS bit
FROM digit a
CROSS JOIN digit b
WHERE a.d < 3 OR (a.d = 3 AND b.d = 0)
