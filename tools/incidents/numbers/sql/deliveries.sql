WITH pauses AS (
    SELECT feed, role, moment - lag(moment) OVER (PARTITION BY feed, role ORDER BY moment) AS gap
    FROM (SELECT DISTINCT feed, role, measured.at AS moment FROM measured)
), longest AS (
    SELECT feed, role, coalesce(max(gap), 0)::DOUBLE AS gap FROM pauses GROUP BY feed, role
), figures AS (
    SELECT feed, role, count(*) AS row_count, sum(value)::DOUBLE AS value,
           count(*) FILTER (WHERE value < 0) AS negatives,
           sum(abs(value))::DOUBLE AS turnover, max(measured.at)::DOUBLE AS last_at,
           quantile_cont(abs(value), [0.25, 0.5, 0.75])::DOUBLE[] AS quartiles
    FROM measured
    GROUP BY feed, role
)
SELECT feed, role, row_count, value, negatives, turnover, gap, last_at, quartiles
FROM figures JOIN longest USING (feed, role)
