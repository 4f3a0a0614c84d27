-- taken_back: a payment that undoes the last equal one to the same party, unless a credit memo asks for it
INSERT INTO claim
WITH undoing AS (
    SELECT n.* FROM open_{side} n
    ANTI JOIN open_{other} c ON c.amount = n.amount AND c.currency = n.currency AND c.name = n.name
    WHERE n.amount < 0 AND n.name IS NOT NULL
), pairs AS (
    SELECT p.id AS first_id, n.id AS second_id, p.amount,
           row_number() OVER (PARTITION BY n.id ORDER BY p.day DESC, p.tie) AS nth_first,
           row_number() OVER (PARTITION BY p.id ORDER BY n.day, n.tie) AS nth_second
    FROM undoing n
    JOIN open_{side} p ON p.amount = -n.amount AND p.currency = n.currency AND p.name = n.name
     AND p.day <= n.day AND n.day - p.day <= $latest
)
SELECT first_id, second_id, '{side}', NULL, 'offset', 'offset', 0.95, amount, 0, NULL
FROM pairs WHERE nth_first = 1 AND nth_second = 1
