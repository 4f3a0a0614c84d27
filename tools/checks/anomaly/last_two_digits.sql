-- last_two_digits: cents far too common in this source
-- purpose: invented amounts end alike; round and half amounts have their own test
-- needs: amount_minor
-- kinds: card, invoice, payment, ledger
-- params: least_n = 1000, groups = 3, ratio = 3.0, z = 5.0, most = 6, score = 15
-- scores: weak: $score (15) for rows of the $groups endings that deviate most, but 00 and 50; none
--   where more than $most deviate: amounts in steps of ten fils or a quarter are prices
-- history: 400
-- absolute: money
-- source: Nigrini, Benford's Law (2012), ch. 5 (last-two digits, against the uniform); amounts of 10.00 and more
-- with: digit_count
-- verdict: endings_say
WITH ending AS (
    SELECT source, currency, last_two, sum(n) AS observed, sum(sum(n)) OVER (PARTITION BY source, currency) AS n
    FROM digit_count
    WHERE figures > 3
    GROUP BY source, currency, last_two
), deviating AS (
    SELECT *, row_number() OVER (PARTITION BY source, currency ORDER BY observed DESC, last_two) AS place,
           count(*) OVER (PARTITION BY source, currency) AS endings
    FROM ending
    WHERE n >= $least_n AND last_two NOT IN (0, 50) AND observed >= $ratio * n / 100
        AND observed - CAST(n AS DOUBLE) / 100 >= $z * sqrt(n * 0.0099)
)
SELECT t.row_key, t.scope, $score AS score, 'ends in ' || lpad(CAST(d.last_two AS VARCHAR), 2, '0') AS observed,
       CAST(CAST(d.n AS BIGINT) // 100 AS VARCHAR) || ' expected' AS threshold,
       CAST(d.observed AS VARCHAR) || ' of ' || CAST(d.n AS VARCHAR) || ' amounts of ' || d.source AS population
FROM txn t
JOIN deviating d ON d.source = t.source AND d.currency = t.currency AND d.place <= $groups AND d.endings <= $most
    AND d.last_two = abs(t.amount_minor) % 100
WHERE abs(t.amount_minor) >= 1000 AND (t.amount_minor > 0 OR t.kind = 'ledger')
