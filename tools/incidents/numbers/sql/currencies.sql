WITH window_of AS (
    SELECT unnest($roles::VARCHAR[]) AS role, unnest($begins::DOUBLE[]) AS from_at, unnest($ends::DOUBLE[]) AS to_at
)
SELECT t.source, t.currency, count(*) FILTER (WHERE w.role = 'now') AS row_count,
       count(*) FILTER (WHERE w.role = 'against') AS rows_before,
       (sum(t.amount_minor) FILTER (WHERE w.role = 'now'))::DOUBLE AS value
FROM txn t
JOIN window_of w ON epoch(t.posted_on) >= w.from_at AND epoch(t.posted_on) < w.to_at
WHERE t.kind IN (SELECT unnest($kinds::VARCHAR[])) AND t.currency <> $currency
GROUP BY t.source, t.currency
HAVING row_count > 0
ORDER BY t.source, t.currency
