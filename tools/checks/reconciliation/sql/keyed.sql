-- keyed: which keys open rows of both sides have
SELECT min(side) FILTER (WHERE name IS NOT NULL) < max(side) FILTER (WHERE name IS NOT NULL) AS name,
       min(side) FILTER (WHERE mark IS NOT NULL) < max(side) FILTER (WHERE mark IS NOT NULL) AS mark
FROM open
