-- keyed: which keys open rows of both sides have
SELECT count(DISTINCT side) FILTER (WHERE name IS NOT NULL) > 1 AS name,
       count(DISTINCT side) FILTER (WHERE mark IS NOT NULL) > 1 AS mark
FROM open
