SELECT grouping_id(h1, h2, h3, h4, h5, h6) AS without, coalesce(h1, h2, h3, h4, h5, h6) AS heading,
       coalesce(sum(value) FILTER (WHERE role = 'against'), 0)::DOUBLE AS value_before,
       coalesce(sum(value) FILTER (WHERE role = 'now'), 0)::DOUBLE AS value_now,
       count(*) FILTER (WHERE role = 'against') AS rows_before,
       count(*) FILTER (WHERE role = 'now') AS rows_now
FROM measured
GROUP BY GROUPING SETS ((h1), (h2), (h3), (h4), (h5), (h6))
ORDER BY ALL
