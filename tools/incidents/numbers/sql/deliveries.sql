SELECT feed, role, count(*) AS row_count, sum(value)::DOUBLE AS value,
       count(*) FILTER (WHERE value < 0) AS negatives,
       sum(abs(value))::DOUBLE AS turnover, coalesce(max(gap), 0)::DOUBLE AS gap, max(moment)::DOUBLE AS last_at,
       quantile_cont(abs(value), [0.25, 0.5, 0.75])::DOUBLE[] AS quartiles
FROM (SELECT feed, role, value, measured.at AS moment,
             measured.at - lag(measured.at) OVER (PARTITION BY feed, role ORDER BY measured.at) AS gap
      FROM measured)
GROUP BY feed, role
