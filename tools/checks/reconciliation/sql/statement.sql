-- statement: the left rows of each settled period, with the right row that settled it
INSERT INTO claim
WITH left_in AS (
    SELECT c.nth, c.right_id, c.paid, c.id, c.amount, sum(c.amount) OVER (PARTITION BY c.nth) AS total
    FROM charged c
    ANTI JOIN unsettled u ON u.id = c.id
)
SELECT id, right_id, NULL, nth, 'N:1', 'statement', CASE WHEN total = paid THEN 0.99 ELSE 0.6 END, amount,
       total - paid, CASE WHEN total <> paid THEN 'statement_difference' END
FROM left_in
