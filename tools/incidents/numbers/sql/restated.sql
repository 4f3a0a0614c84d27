SELECT coalesce(a.source, b.source) AS source,
       count(*) FILTER (WHERE b.row_key IS NULL) AS added,
       count(*) FILTER (WHERE a.row_key IS NULL) AS gone,
       coalesce(sum(a.value) FILTER (WHERE b.row_key IS NULL), 0)
       - coalesce(sum(b.value) FILTER (WHERE a.row_key IS NULL), 0) AS difference
FROM present a FULL JOIN earlier b USING (row_key)
GROUP BY 1
HAVING added + gone > 0
ORDER BY 1
