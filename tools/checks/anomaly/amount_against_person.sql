-- amount_against_person: a charge far above anything this person, or this card, has had
-- purpose: a card or a login in other hands, and expenses that are not the person's own, look usual for their merchant
--   and not for who paid: held against that person's own amounts, and against the most that the person had paid until
--   a month before, so that a run of such charges does not vouch for itself
-- needs: amount_minor, posted_on
-- kinds: card
-- params: z = 3.5, least_n = 12, least_past = 8, least_spread = 0.05, settle_days = 30, record = 1.3,
--   strong_past = 20, narrow = 0.5, strong_z = 5.0, strong_ratio = 3.0, strong_record = 2.0, usual_there = 1.5
-- scores: weak: 30 where the charge is $record times the most of that past. 75 rising to 95 with z when that past has
--   $strong_past charges and more, the charge is $strong_ratio times the person's median and $strong_record times the
--   most of that past, and more than $usual_there times what nine in ten of the merchant's (with too few of those the
--   category's) charges stay under; of a person whose amounts are not of one size (the upper spread of their logarithms
--   passes $narrow), z has to pass $strong_z and what that many honest rows might reach, sqrt(2 ln rows), too
-- history: 730
-- source: Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), of logarithms, the spread above the median by
--   its quartile and its 80th percentile; Le Borgne et al., Reproducible Machine Learning for Credit Card Fraud
--   Detection (2022), ch. 3 (a customer's own past)
WITH charge AS (
    SELECT row_key, scope, currency, coalesce(person_id, person_name, card_last4) AS person, posted_day, amount_minor,
           ln(CAST(amount_minor AS DOUBLE)) AS x, category, coalesce(vendor_id, vendor_key) AS vendor
    FROM txn
    WHERE kind = 'card' AND amount_minor > 0 AND posted_day IS NOT NULL
        AND coalesce(person_id, person_name, card_last4) IS NOT NULL
), own AS (
    SELECT currency, person, count(*) AS n, quantile_cont(x, [0.5, 0.75, 0.8]) AS q
    FROM charge
    GROUP BY currency, person
    HAVING count(*) >= $least_n
), spread AS (
    SELECT currency, person, n, q[1] AS middle,
           greatest(q[2] - q[1], (q[3] - q[1]) * 0.8014, $least_spread) AS up, sqrt(2 * ln(sum(n) OVER ())) AS luck
    FROM own
), far AS (
    SELECT c.row_key, c.currency, c.person, c.category, c.vendor
    FROM charge c
    JOIN spread s ON s.currency = c.currency AND s.person = c.person
    WHERE c.x >= s.middle + $z * s.up / 0.6745
), past AS (
    SELECT c.row_key, c.scope, c.currency, c.person, c.category, c.vendor, c.x, c.amount_minor,
           max(c.amount_minor) OVER before AS most, count(*) OVER before AS n_past
    FROM charge c
    JOIN (SELECT DISTINCT currency, person FROM far) f ON f.currency = c.currency AND f.person = c.person
    WINDOW before AS (
        PARTITION BY c.currency, c.person ORDER BY c.posted_day
        RANGE BETWEEN UNBOUNDED PRECEDING AND $settle_days PRECEDING
    )
), place_spread AS (
    SELECT c.currency, c.vendor, CAST(NULL AS VARCHAR) AS category, quantile_cont(c.x, 0.9) AS high
    FROM charge c
    JOIN (SELECT DISTINCT currency, vendor FROM far) f ON f.currency = c.currency AND f.vendor = c.vendor
    GROUP BY c.currency, c.vendor
    HAVING count(*) >= $least_n
    UNION ALL
    SELECT c.currency, NULL, c.category, quantile_cont(c.x, 0.9)
    FROM charge c
    JOIN (SELECT DISTINCT currency, category FROM far) f ON f.currency = c.currency AND f.category = c.category
    GROUP BY c.currency, c.category
    HAVING count(*) >= $least_n
), judged AS (
    SELECT p.row_key, p.scope, p.person, s.n, s.middle, p.x - s.middle AS distance,
           CAST(0.6745 * (p.x - s.middle) / s.up + 0.000001 AS DECIMAL(18, 2)) AS z,
           p.x - s.middle >= ln($strong_ratio) AND p.amount_minor >= $strong_record * p.most
               AND p.x >= coalesce(v.high, k.high, 0) + ln($usual_there)
               AND p.n_past >= $strong_past
               AND (s.up <= $narrow OR 0.6745 * (p.x - s.middle) / s.up >= greatest($strong_z, s.luck)) AS is_strong
    FROM past p
    JOIN far f ON f.row_key = p.row_key
    JOIN spread s ON s.currency = p.currency AND s.person = p.person
    LEFT JOIN place_spread v ON v.currency = p.currency AND v.vendor = p.vendor
    LEFT JOIN place_spread k ON k.currency = p.currency AND k.category = p.category
    WHERE p.n_past >= $least_past AND p.amount_minor >= $record * p.most
)
SELECT row_key, scope,
       CASE WHEN is_strong THEN 75 + CAST(floor(least(20, 3 * (z - $z))) AS INTEGER) ELSE 30 END AS score,
       CAST(CAST(exp(least(distance, 27)) + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || ' times the median of '
           || CAST(CAST(floor(exp(middle) + 0.5) AS BIGINT) AS VARCHAR) || ' minor units, z ' || CAST(z AS VARCHAR)
           AS observed,
       'z within ' || CAST(CAST($z AS DECIMAL(18, 2)) AS VARCHAR) AS threshold,
       CAST(n AS VARCHAR) || ' charges of ' || person AS population
FROM judged
