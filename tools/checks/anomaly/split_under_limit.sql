-- split_under_limit: one purchase cut into parts that each stay under an approval limit
-- purpose: parts to one vendor within days, each at or below a limit, together above it (declared limits, else those
--   that a crowd of amounts gives away): of one person or card, where chance does not explain that so many amounts of
--   that size fall together, at a busy merchant too; where no person is known, of a vendor that seldom has such amounts
-- needs: amount_minor, posted_on
-- kinds: card, invoice, payment
-- params: days = 7, part = 0.3, near = 0.8, alike = 1.5, luck = 0.001, chance = 0.5, most_parts = 6, most_limits = 3.0,
--   score = 80, weak_score = 60
-- scores: $score (80) when the parts are of one size (the largest at most $alike times the smallest) or of one person's
--   one day, 10 more when each is at least $near of the limit; $weak_score (60): weak, when they are of different sizes,
--   or of several people. Chance, of a vendor or a person at it: the Poisson bound, expected such amounts in $days days
--   ^ parts / parts!, is at most $luck; of persons: at most $chance pairs that near would come about at vendors with no
--   more such amounts, if everybody had as many as this person, dealt out to vendors and days at random; of several
--   people none is named beyond that
-- history: 180
-- absolute: money
-- source: ACFE, Fraud Examiners Manual (split purchases); GAO-04-87G, Audit Guide: Auditing the Purchase Card Program
-- with: approval_limit
-- verdict: limits_known
WITH limits AS (
    SELECT kind, currency, limit_minor FROM approval_limit WHERE origin = 'declared'
    UNION ALL
    SELECT kind, currency, limit_minor FROM approval_limit
    WHERE origin = 'inferred' AND NOT EXISTS (SELECT 1 FROM authority WHERE limit_minor > 0)
), part AS (
    SELECT t.row_key, t.kind, t.currency, coalesce(t.vendor_id, t.vendor_key) AS vendor, t.amount_minor,
           CASE WHEN t.kind = 'card' THEN coalesce(t.person_id, t.person_name, t.card_last4) END AS person,
           t.posted_day, l.limit_minor
    FROM txn t
    JOIN limits l ON coalesce(l.kind, t.kind) = t.kind AND coalesce(l.currency, t.currency) = t.currency
        AND t.amount_minor <= l.limit_minor AND t.amount_minor >= $part * l.limit_minor
    WHERE t.kind IN ('card', 'invoice', 'payment') AND t.posted_day IS NOT NULL
        AND coalesce(t.vendor_id, t.vendor_key) IS NOT NULL
), levelled AS (
    SELECT *, CASE WHEN person IS NULL THEN 'vendor' ELSE 'person' END AS level, coalesce(person, '') AS who FROM part
    UNION ALL
    SELECT *, 'people', '' FROM part WHERE person IS NOT NULL
), summed AS (
    SELECT *, sum(amount_minor) OVER lately AS total, count(*) OVER lately AS parts,
           min(amount_minor) OVER lately AS smallest, max(amount_minor) OVER lately AS largest,
           posted_day - min(posted_day) OVER lately + 1 AS spread
    FROM levelled
    WINDOW lately AS (
        PARTITION BY kind, currency, level, who, vendor, limit_minor ORDER BY posted_day
        RANGE BETWEEN $days - 1 PRECEDING AND CURRENT ROW
    )
), habit AS (
    SELECT kind, currency, level, who, vendor, limit_minor, count(*) AS n
    FROM summed
    GROUP BY kind, currency, level, who, vendor, limit_minor
    HAVING max(CASE WHEN total > limit_minor AND parts > 1 THEN 1 ELSE 0 END) = 1
), span AS (
    SELECT kind, greatest(90, quantile_cont(posted_day, 0.99) - quantile_cont(posted_day, 0.01)) AS days
    FROM part
    GROUP BY kind
), of_person AS (
    SELECT kind, currency, limit_minor, person, count(*) AS n
    FROM part
    WHERE person IS NOT NULL
    GROUP BY kind, currency, limit_minor, person
), persons AS (
    SELECT kind, currency, limit_minor, count(*) AS n, CAST(sum(n) AS DOUBLE) AS parts
    FROM of_person
    GROUP BY kind, currency, limit_minor
), vendors AS (
    SELECT kind, currency, limit_minor, vendor,
           sum(CAST(n AS DOUBLE) * n) OVER (PARTITION BY kind, currency, limit_minor ORDER BY n) AS rarer_squares,
           sum(CAST(n AS DOUBLE) * n) OVER (PARTITION BY kind, currency, limit_minor) AS squares
    FROM (SELECT kind, currency, limit_minor, vendor, count(*) AS n FROM part WHERE person IS NOT NULL
          GROUP BY kind, currency, limit_minor, vendor) counted
), at_random AS (
    SELECT o.kind, o.currency, o.limit_minor, o.person,
           p.n * CAST(o.n AS DOUBLE) * o.n / (2 * p.parts * p.parts) AS pairs
    FROM of_person o
    JOIN persons p ON p.kind = o.kind AND p.currency = o.currency AND p.limit_minor = o.limit_minor
), cut AS (
    SELECT DISTINCT s.kind, s.currency, s.level, s.who, s.vendor, s.limit_minor, s.posted_day, s.total, s.parts, h.n,
           CASE WHEN s.level = 'people' OR (s.largest > $alike * s.smallest AND (s.level = 'vendor' OR s.spread > 1))
                    OR (s.level = 'person' AND r.pairs * v.rarer_squares * (2 * s.spread - 1) / p.days > $chance)
                THEN $weak_score
                WHEN s.smallest >= $near * s.limit_minor THEN $score + 10
                ELSE $score END AS score
    FROM summed s
    JOIN habit h ON h.kind = s.kind AND h.currency = s.currency AND h.level = s.level AND h.who = s.who
        AND h.vendor = s.vendor AND h.limit_minor = s.limit_minor
    JOIN span p ON p.kind = s.kind
    LEFT JOIN at_random r ON r.kind = s.kind AND r.currency = s.currency AND r.limit_minor = s.limit_minor
        AND r.person = s.who
    LEFT JOIN vendors v ON v.kind = s.kind AND v.currency = s.currency AND v.limit_minor = s.limit_minor
        AND v.vendor = s.vendor
    WHERE s.total > s.limit_minor AND s.total <= $most_limits * s.limit_minor AND s.parts BETWEEN 2 AND $most_parts
        AND (s.level <> 'people' OR v.squares / 2 * (2 * s.spread - 1) / p.days <= $chance)
        AND s.parts * ln(greatest(CAST((h.n - s.parts) * CASE s.level WHEN 'person' THEN s.spread ELSE $days END
                                       AS DOUBLE) / p.days, 0.000001))
            - CASE s.parts WHEN 2 THEN 0.693 WHEN 3 THEN 1.792 WHEN 4 THEN 3.178 ELSE 4.787 END <= ln($luck)
), ranked AS (
    SELECT p.row_key, c.score, c.total, c.parts, c.limit_minor, c.vendor, c.who, c.n,
           row_number() OVER (
               PARTITION BY p.row_key ORDER BY c.score DESC, c.limit_minor, c.parts DESC, c.level DESC, c.posted_day
           ) AS place
    FROM levelled p
    JOIN cut c ON c.kind = p.kind AND c.currency = p.currency AND c.level = p.level AND c.who = p.who
        AND c.vendor = p.vendor AND c.limit_minor = p.limit_minor
        AND p.posted_day BETWEEN c.posted_day - $days + 1 AND c.posted_day
)
SELECT row_key, score,
       CAST(parts AS VARCHAR) || ' parts, together ' || CAST(CAST(total AS BIGINT) AS VARCHAR) || ' minor units, '
           || CAST(CAST(CAST(total AS DOUBLE) / limit_minor + 0.000001 AS DECIMAL(18, 2)) AS VARCHAR) || ' times the limit'
           AS observed,
       'up to the limit of ' || CAST(limit_minor AS VARCHAR) || ' minor units in ' || CAST($days AS VARCHAR)
           || ' days' AS threshold,
       CAST(n AS VARCHAR) || ' amounts of that size ' || CASE WHEN who = '' THEN '' ELSE 'of ' || who || ' ' END
           || CASE WHEN who = '' THEN 'of' ELSE 'at' END || ' vendor ' || vendor AS population
FROM ranked
WHERE place = 1
