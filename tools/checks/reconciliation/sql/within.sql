-- within: claim those pairs whose dates are near enough
INSERT INTO claim
SELECT left_id, right_id, NULL, NULL, '1:1',
       CASE WHEN days = 0 THEN 'exact' WHEN abs(lag) <= $window THEN 'window' ELSE 'late' END,
       CASE WHEN days = 0 THEN $same_day ELSE $confidence END, amount, 0, NULL
FROM {pairs}
WHERE lag BETWEEN $earliest AND $latest
