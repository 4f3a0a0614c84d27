-- split_under_own_limit: parts under a round sum that one vendor, or one person, seems to know for a limit
-- purpose: where no limit is declared and no crowd of all amounts gives one away, one party's amounts may: several just
--   below a round sum, hardly any beside it, and some of them within days of each other. The limit is a guess, and
--   is said to be one
-- needs: posted_on, amount_minor
-- kinds: card, invoice, payment
-- params: days = 7, near = 0.9, under = 0.8, above = 1.1, least_n = 5, least_distinct = 4, beside_n = 1, least_minor = 20000,
--   least_span = 30,
--   luck = 0.001, most_parts = 6, score = 75
-- scores: $score (75) for two to $most_parts parts to one vendor within $days days, together above a round sum below which $least_n
--   amounts and more of that vendor (of a card's person) lie, by a tenth at most, $least_distinct of them different, with at
--   most $beside_n in the tenths beside; where the Poisson bound on so many of them that near is at most $luck, as that
--   party's amounts lie over their own days, $least_span or more: who bills daily is no hit
-- history: 400
-- absolute: money
-- source: Saez (2010) on bunching; ACFE, Fraud Examiners Manual (split purchases)
WITH spent AS (
    SELECT t.row_key, t.scope, t.kind, t.currency, t.posted_day, t.amount_minor, coalesce(t.vendor_id, t.vendor_key) AS vendor,
           CASE WHEN t.kind = 'card' THEN coalesce(t.person_id, t.person_name, t.card_last4) END AS person,
           pow(10, length(CAST(t.amount_minor AS VARCHAR)) - 1) AS scale
    FROM txn t
    WHERE t.kind IN ('card', 'invoice', 'payment') AND t.amount_minor >= $least_minor AND t.posted_day IS NOT NULL
        AND coalesce(t.vendor_id, t.vendor_key) IS NOT NULL AND NOT EXISTS (SELECT 1 FROM authority WHERE limit_minor > 0)
), step AS (
    SELECT 1.0 AS figure UNION ALL SELECT 1.5 UNION ALL SELECT 2.0 UNION ALL SELECT 2.5 UNION ALL SELECT 3.0
    UNION ALL SELECT 4.0 UNION ALL SELECT 5.0 UNION ALL SELECT 7.5 UNION ALL SELECT 10.0
), beside_limit AS (
    SELECT s.row_key, s.scope, s.kind, s.currency, s.posted_day, s.amount_minor, s.vendor, coalesce(s.person, s.vendor) AS who,
           s.person IS NOT NULL AS by_person, CAST(f.figure * s.scale AS BIGINT) AS limit_minor
    FROM spent s
    JOIN step f ON s.amount_minor >= $under * f.figure * s.scale AND s.amount_minor < $above * f.figure * s.scale
    WHERE f.figure * s.scale < 9000000000000000000
), known AS (
    SELECT kind, currency, by_person, who, limit_minor,
           sum(CASE WHEN amount_minor >= $near * limit_minor AND amount_minor < limit_minor THEN 1 ELSE 0 END) AS n,
           greatest($least_span, max(posted_day) - min(posted_day) + 1) AS days
    FROM beside_limit
    GROUP BY kind, currency, by_person, who, limit_minor
    HAVING sum(CASE WHEN amount_minor >= $near * limit_minor AND amount_minor < limit_minor THEN 1 ELSE 0 END) >= $least_n
        AND sum(CASE WHEN amount_minor >= $near * limit_minor AND amount_minor < limit_minor THEN 0 ELSE 1 END) <= $beside_n
        AND count(DISTINCT CASE WHEN amount_minor >= $near * limit_minor AND amount_minor < limit_minor
                                THEN amount_minor END) >= $least_distinct
), part AS (
    SELECT l.*, k.n, k.days
    FROM beside_limit l
    JOIN known k ON k.kind = l.kind AND k.currency = l.currency AND k.by_person = l.by_person AND k.who = l.who
        AND k.limit_minor = l.limit_minor
    WHERE l.amount_minor >= $near * l.limit_minor AND l.amount_minor < l.limit_minor
), summed AS (
    SELECT *, sum(amount_minor) OVER lately AS total, count(*) OVER lately AS parts,
           posted_day - min(posted_day) OVER lately + 1 AS spread
    FROM part
    WINDOW lately AS (
        PARTITION BY kind, currency, by_person, who, vendor, limit_minor ORDER BY posted_day
        RANGE BETWEEN $days - 1 PRECEDING AND CURRENT ROW
    )
), cut AS (
    SELECT DISTINCT s.kind, s.currency, s.by_person, s.who, s.vendor, s.limit_minor, s.posted_day, s.total, s.parts
    FROM summed s
    WHERE s.parts BETWEEN 2 AND $most_parts AND s.total > s.limit_minor
        AND s.parts * ln(greatest(CAST((s.n - s.parts) * s.spread AS DOUBLE) / s.days, 0.000001))
            - CASE s.parts WHEN 2 THEN 0.693 WHEN 3 THEN 1.792 WHEN 4 THEN 3.178 ELSE 4.787 END <= ln($luck)
), ranked AS (
    SELECT p.row_key, p.scope, p.n, p.limit_minor, p.who, c.total, c.parts,
           row_number() OVER (PARTITION BY p.row_key ORDER BY c.parts DESC, c.limit_minor, c.posted_day) AS place
    FROM part p
    JOIN cut c ON c.kind = p.kind AND c.currency = p.currency AND c.by_person = p.by_person AND c.who = p.who
        AND c.vendor = p.vendor AND c.limit_minor = p.limit_minor
        AND p.posted_day BETWEEN c.posted_day - $days + 1 AND c.posted_day
)
SELECT row_key, scope, $score AS score,
       CAST(parts AS VARCHAR) || ' parts within ' || CAST($days AS VARCHAR) || ' days, together '
           || CAST(CAST(total AS BIGINT) AS VARCHAR) || ' minor units, each just below ' || CAST(limit_minor AS VARCHAR)
           || ' minor units' AS observed,
       'no limit is declared: a guess from ' || CAST(n AS VARCHAR) || ' amounts just below that sum' AS threshold,
       'amounts of ' || who AS population
FROM ranked
WHERE place = 1
