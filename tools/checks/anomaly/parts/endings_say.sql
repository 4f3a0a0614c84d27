-- endings_say: how even the last two digits of each source are
-- purpose: verdict of the test on last two digits
-- source: Nigrini, Benford's Law (2012), ch. 5: mean absolute deviation from one in a hundred
-- with: digit_count
WITH ending AS (
    SELECT source, currency, last_two, sum(n) AS observed, sum(sum(n)) OVER (PARTITION BY source, currency) AS n
    FROM digit_count
    WHERE figures > 3
    GROUP BY source, currency, last_two
), measured AS (
    SELECT source, currency, n,
           (sum(abs(CAST(observed AS DOUBLE) / n - 0.01)) + (100 - count(*)) * 0.01) / 100 AS mad,
           row_number() OVER (ORDER BY n DESC, source, currency) AS place
    FROM ending
    GROUP BY source, currency, n
)
SELECT n >= $least_n AS applies,
       source || coalesce(' ' || currency, ', no currency') || ': ' || CASE
           WHEN n >= $least_n THEN 'MAD ' || CAST(CAST(mad AS DECIMAL(18, 5)) AS VARCHAR)
               || ' from one in a hundred, n ' || CAST(n AS VARCHAR)
           ELSE CAST(n AS VARCHAR) || ' amounts are too few' END AS says
FROM measured
WHERE n >= $least_n OR place = 1
ORDER BY place
