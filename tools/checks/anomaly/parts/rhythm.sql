-- rhythm: what recurs in even steps of days: a vendor's one amount, or all that a vendor has (amount_minor is null)
-- purpose: rent, subscriptions, leases: to be left alone as repetitions, and to be missed when late
-- params: least_n = 4, least_days = 5, share = 0.7
-- source: inferred: at least $share of the steps between its days lie within a fifth and a day of their median
-- with: amount_count, vendor_activity
WITH days AS (
    SELECT kind, 1 + quantile_cont(last_day, 0.99) - quantile_cont(first_day, 0.01) AS span
    FROM vendor_activity
    GROUP BY kind
), series AS (
    SELECT a.party, a.amount_minor
    FROM amount_count a
    JOIN vendor_activity v ON v.party = a.party
    JOIN days d ON d.kind = v.kind
    WHERE a.n >= $least_n AND a.n <= 1 + d.span / $least_days
), slow AS (
    SELECT v.party
    FROM vendor_activity v
    JOIN days d ON d.kind = v.kind
    WHERE v.n >= $least_n AND v.n <= 1 + d.span / $least_days
), dated AS (
    SELECT DISTINCT s.party, s.amount_minor, t.posted_day
    FROM spend t
    JOIN series s ON s.party = t.party AND s.amount_minor = t.amount_minor
    WHERE t.posted_day IS NOT NULL
    UNION ALL
    SELECT DISTINCT s.party, CAST(NULL AS BIGINT), t.posted_day
    FROM spend t
    JOIN slow s ON s.party = t.party
    WHERE t.posted_day IS NOT NULL
), stepped AS (
    SELECT party, amount_minor, posted_day - lag(posted_day) OVER (
               PARTITION BY party, amount_minor ORDER BY posted_day
           ) AS step
    FROM dated
), beat AS (
    SELECT party, amount_minor, count(*) AS steps, median(step) AS days
    FROM stepped
    WHERE step IS NOT NULL
    GROUP BY party, amount_minor
    HAVING count(*) >= $least_n - 1 AND median(step) >= $least_days
)
SELECT b.party, b.amount_minor, b.days, b.steps + 1 AS n
FROM beat b
JOIN stepped s ON s.party = b.party AND coalesce(s.amount_minor, 0) = coalesce(b.amount_minor, 0)
WHERE s.step IS NOT NULL
GROUP BY b.party, b.amount_minor, b.days, b.steps
HAVING avg(CASE WHEN abs(s.step - b.days) <= 1 + b.days / 5 THEN 1.0 ELSE 0.0 END) >= $share
