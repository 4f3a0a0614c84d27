-- statement: the left rows of each settled period, with the right row that settled it
INSERT INTO claim
WITH settled AS (
    SELECT p.nth, p.after, p.until, min(r.id) AS right_id, sum(r.amount) AS paid
    FROM period p JOIN open r ON r.side = 1 AND r.day = p.paid
    GROUP BY ALL
), charged AS (
    SELECT s.nth, sum(l.amount) AS amount
    FROM settled s JOIN open l ON l.side = 0 AND l.day > s.after AND l.day <= s.until
    GROUP BY s.nth
)
SELECT l.id, s.right_id, NULL, s.nth, 'N:1', 'statement', CASE WHEN c.amount = s.paid THEN 0.99 ELSE 0.6 END, l.amount,
       c.amount - s.paid, CASE WHEN c.amount <> s.paid THEN 'statement_difference' END
FROM settled s
JOIN charged c ON c.nth = s.nth
JOIN open l ON l.side = 0 AND l.day > s.after AND l.day <= s.until
