WITH usual AS (
  SELECT kind, source, quantile_disc(posted_on, 0.005) - 45 AS early, quantile_disc(posted_on, 0.995) + 45 AS late
  FROM txn WHERE posted_on IS NOT NULL GROUP BY ALL
)
SELECT t.kind, t.source, min(t.posted_on) AS first_day, max(t.posted_on) AS last_day
FROM txn t JOIN usual u ON u.kind = t.kind AND u.source = t.source
WHERE t.posted_on BETWEEN u.early AND u.late
GROUP BY ALL
