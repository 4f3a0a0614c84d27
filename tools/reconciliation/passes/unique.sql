-- unique: a key that stands once on each side, within the window
INSERT INTO claim
WITH l AS (
    SELECT {key}, min(id) AS id, min(day) AS at FROM open_left
    WHERE {filled} GROUP BY ALL HAVING count(*) = 1
), r AS (
    SELECT {key}, min(id) AS id, min(day) AS at FROM open_right
    WHERE {filled} GROUP BY ALL HAVING count(*) = 1
)
SELECT l.id, r.id, NULL, NULL, '1:1', $pass, $confidence, l.amount, 0, NULL
FROM l JOIN r USING ({key})
WHERE r.at - l.at BETWEEN $earliest AND $latest
