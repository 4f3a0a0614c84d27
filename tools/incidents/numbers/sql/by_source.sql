SELECT source, period, role, count(*) AS row_count, sum(value) AS value, max(measured.at) AS last_at
FROM measured
GROUP BY source, period, role
ORDER BY source, period
