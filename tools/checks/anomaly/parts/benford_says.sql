-- benford_says: what the digits say of each source that they can speak of
-- purpose: verdict of the Benford tests
-- source: Nigrini, Benford's Law (2012), table 7.1
-- with: conformity
WITH ranked AS (
    SELECT *, row_number() OVER (ORDER BY CASE WHEN applies THEN 0 ELSE 1 END, n DESC, source, currency) AS place
    FROM conformity
    WHERE digits = $digits
)
SELECT applies,
       source || coalesce(' ' || currency, ', no currency') || ': ' || CASE
           WHEN applies THEN says || ', MAD ' || CAST(CAST(mad AS DECIMAL(18, 5)) AS VARCHAR) || ', excess '
               || CAST(CAST(excess AS DECIMAL(18, 5)) AS VARCHAR) || ', n ' || CAST(n AS VARCHAR)
           ELSE 'no Benford''s law to be expected of ' || CAST(n AS VARCHAR) || ' amounts over '
               || CAST(CAST(orders AS DECIMAL(18, 1)) AS VARCHAR) || ' orders of magnitude' END AS says
FROM ranked
WHERE applies OR place = 1
ORDER BY place
