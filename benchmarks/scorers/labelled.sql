-- The labels on the rows that were read; what could not be read and whole sources have keys of their own.
CREATE TABLE label AS
SELECT
    coalesce(t.row_key, c.row_key, 'line:' || r.source || ':' || r.file || ':' || r.line, 'source:' || l.txn_id) AS row_key,
    CASE WHEN l.file IS NULL THEN l.txn_id END AS source,
    l.txn_id, l.expect, l.kind, l.test, l."group" AS planted
FROM read_csv($labels, all_varchar = true) l
LEFT JOIN txn t ON t.file = l.file AND t.line = CAST(l.line AS BIGINT)
LEFT JOIN table_row c ON c.file = l.file AND c.line = CAST(l.line AS BIGINT)
LEFT JOIN rejected r ON r.file = l.file AND r.line = CAST(l.line AS BIGINT);

-- Findings: what planted error their test was to find there, and whether their row is part of any.
CREATE TABLE found AS
WITH told AS (
    SELECT DISTINCT f.test, f.row_key, t.source FROM finding f LEFT JOIN txn t ON t.row_key = f.row_key
)
SELECT
    f.test, f.row_key, h.planted AS hit,
    h.planted IS NOT NULL OR f.row_key IN (SELECT row_key FROM label WHERE expect <> 'quiet') AS on_planted
FROM told f
LEFT JOIN label h
  ON h.test = f.test AND h.expect <> 'quiet' AND (h.row_key = f.row_key OR h.source = f.source);

CREATE VIEW by_test AS
SELECT
    test, max(planted) AS planted, max(hits) AS hits, max(findings) AS findings, max(sound) AS sound,
    min(missed) AS missed
FROM (
    SELECT l.test, count(DISTINCT l.planted) AS planted, count(DISTINCT f.hit) AS hits, 0 AS findings,
           0 AS sound, string_agg(DISTINCT CASE WHEN f.hit IS NULL THEN l.planted END, ' ') AS missed
    FROM label l LEFT JOIN found f ON f.test = l.test AND f.hit = l.planted
    WHERE l.expect = 'found' GROUP BY l.test
    UNION ALL
    SELECT test, 0, 0, count(DISTINCT row_key), count(DISTINCT CASE WHEN on_planted THEN row_key END), NULL
    FROM found GROUP BY test
)
GROUP BY test;

CREATE VIEW planted_error AS
SELECT
    l.planted, min(l.kind) AS kind, coalesce(bool_or(f.hit IS NOT NULL), false) AS hit,
    coalesce(bool_or(a.row_key IS NOT NULL OR f.hit IS NOT NULL), false) AS seen,
    coalesce(bool_or(g.row_key IS NOT NULL), false) AS flagged,
    coalesce(bool_or(g.severity <> 'INFO'), false) AS grave
FROM label l
LEFT JOIN found f ON f.hit = l.planted
LEFT JOIN (SELECT DISTINCT row_key FROM finding) a ON a.row_key = l.row_key
LEFT JOIN flag g ON g.row_key = l.row_key
WHERE l.expect <> 'quiet' GROUP BY l.planted;

-- Flags on rows that are part of nothing planted.
CREATE VIEW loud AS
SELECT g.severity, g.lead_test, g.row_key, g.row_key IN (SELECT row_key FROM label) AS look_alike
FROM flag g
WHERE g.row_key NOT IN (SELECT row_key FROM label WHERE expect <> 'quiet')
  AND g.row_key NOT IN (SELECT row_key FROM found WHERE on_planted);
