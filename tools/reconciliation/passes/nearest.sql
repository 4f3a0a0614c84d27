-- nearest: keys that stand several times, paired in the order of their dates, within the window
INSERT INTO claim
WITH l AS (
    SELECT {key}, id, day, row_number() OVER (PARTITION BY {key} ORDER BY day, tie, id) AS nth
    FROM open_left WHERE {filled}
), r AS (
    SELECT {key}, id, day, row_number() OVER (PARTITION BY {key} ORDER BY day, tie, id) AS nth
    FROM open_right WHERE {filled}
)
SELECT l.id, r.id, NULL, '1:1', $pass, $confidence, l.amount, 0, NULL
FROM l JOIN r USING ({key}, nth)
WHERE abs(r.day - l.day) <= $window
