-- taken_back: a payment or credit note that undoes the last equal one of the same party, unless the other side asks
--   for it. Before anything is matched it comes after what it undoes ($earliest = 0); of what is left over, either may
--   come first: of two that went out and one that came back, the other book may have taken any
INSERT INTO claim
WITH undoing AS (
    SELECT n.* FROM open n
    ANTI JOIN open c ON c.side = {opposite} AND c.amount = n.amount AND c.currency = n.currency AND c.name = n.name
    WHERE n.side = {side} AND n.amount < 0 AND n.name IS NOT NULL
), pairs AS (
    SELECT p.id AS first_id, n.id AS second_id, p.amount, p.day AS first_day, n.day AS second_day
    FROM undoing n
    JOIN open p ON p.side = {side} AND p.amount = -n.amount AND p.currency = n.currency AND p.name = n.name
     AND n.day - p.day BETWEEN $earliest AND $latest
), ranked AS (
    SELECT p.*, row_number() OVER (
               PARTITION BY second_id
               ORDER BY first_day > second_day, abs(second_day - first_day), f.row_key
           ) AS nth_first,
           row_number() OVER (PARTITION BY first_id ORDER BY second_day, s.row_key) AS nth_second
    FROM pairs p JOIN posting f ON f.id = p.first_id JOIN posting s ON s.id = p.second_id
)
SELECT first_id, second_id, {side}, NULL, 'offset', 'offset', 0.95, amount, 0, NULL
FROM ranked WHERE nth_first = 1 AND nth_second = 1
