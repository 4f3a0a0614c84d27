-- benford: first, second and first-two digits of each source against Benford's law
-- purpose: conformity of a population, and the digits that deviate; for natural amounts only: enough of them, over
--   several orders of magnitude
-- params: least_n = 1000, least_orders = 2.0
-- source: Nigrini, Benford's Law (2012): MAD bounds .006 .012 .015 (first), .008 .010 .012 (second), .0012 .0018
--   .0022 (first two); excess MAD after Barney and Schulzke, Moderating "Cry Wolf" Events with Excess MAD (2016)
-- with: digit_count
WITH digit AS (
    SELECT d FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS t(d)
), two AS (
    SELECT a.d AS tens, b.d AS units, ln(1 + CAST(1 AS DOUBLE) / (10 * a.d + b.d)) / ln(10.0) AS p
    FROM digit a
    CROSS JOIN digit b
    WHERE a.d > 0
), expected AS (
    SELECT 'first' AS digits, tens AS d, sum(p) AS p FROM two GROUP BY tens
    UNION ALL
    SELECT 'second', units, sum(p) FROM two GROUP BY units
    UNION ALL
    SELECT 'first_two', 10 * tens + units, p FROM two
), counted AS (
    SELECT 'first' AS digits, source, currency, first_two // 10 AS d, sum(n) AS n
    FROM digit_count GROUP BY source, currency, first_two // 10
    UNION ALL
    SELECT 'second', source, currency, first_two % 10, sum(n)
    FROM digit_count GROUP BY source, currency, first_two % 10
    UNION ALL
    SELECT 'first_two', source, currency, first_two, sum(n)
    FROM digit_count GROUP BY source, currency, first_two
), scale AS (
    SELECT source, currency, (figures - 1) + ln(CAST(first_two AS DOUBLE) / 10) / ln(10.0) AS decade,
           sum(sum(n)) OVER (PARTITION BY source, currency ORDER BY figures, first_two) AS up_to,
           sum(sum(n)) OVER (PARTITION BY source, currency) AS n
    FROM digit_count
    GROUP BY source, currency, figures, first_two
), span AS (
    SELECT source, currency, n,
           min(CASE WHEN up_to >= 0.99 * n THEN decade END) - min(CASE WHEN up_to >= 0.01 * n THEN decade END)
               AS orders
    FROM scale
    GROUP BY source, currency, n
)
SELECT s.source, s.currency, e.digits, e.d, s.n, s.orders, e.p, coalesce(c.n, 0) AS observed,
       s.n >= $least_n AND s.orders >= $least_orders AS applies
FROM span s
CROSS JOIN expected e
LEFT JOIN counted c ON c.source = s.source AND c.currency = s.currency AND c.digits = e.digits AND c.d = e.d
