-- charged: the left rows of each settled period, with what was paid for them
CREATE OR REPLACE TEMP TABLE charged AS
WITH settled AS (
    SELECT p.nth, p.after, p.until, min(r.id) AS right_id, CAST(sum(r.amount) AS BIGINT) AS paid
    FROM period p JOIN open r ON r.side = 1 AND r.day = p.paid
    GROUP BY ALL
)
SELECT s.nth, s.right_id, s.paid, l.id, l.amount, l.name,
       CAST(sum(l.amount) OVER (PARTITION BY s.nth) AS BIGINT) - s.paid AS gap
FROM settled s
JOIN open l ON l.side = 0 AND l.day > s.after AND l.day <= s.until
