-- Far more use a day than in the same season a year ago, and than other meters' change since then explains.
WITH daily AS (
    SELECT bill_id, account, meter, service, from_on, charged, used, used / days AS use_per_day
    FROM counted_bill
    WHERE copy = 1 AND used > 0 AND NOT is_estimated
), paired AS (
    SELECT d.*, median(p.use_per_day) AS year_ago
    FROM daily d
    JOIN daily p ON p.account = d.account AND p.meter = d.meter
        AND p.from_on BETWEEN d.from_on - 395 AND d.from_on - 335
    GROUP BY ALL
), weather AS (
    SELECT *, median(use_per_day / year_ago) OVER (PARTITION BY service, date_trunc('month', from_on)) AS of_all FROM paired
)
SELECT bill_id, CAST(round(charged * (1 - year_ago * of_all / use_per_day)) AS BIGINT) AS over_minor
FROM weather
WHERE use_per_day > 2.5 * year_ago * of_all
