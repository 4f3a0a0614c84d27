-- recurring_late: a recurring posting that came late
-- purpose: rent, a lease, a retainer that comes every month and now did not come when it should have; of amounts that
--   stay within $steady times of each other, lest any busy vendor be taken for one
-- needs: posted_on
-- kinds: card, invoice, payment
-- params: late_days = 5, least_n = 6, steady = 2.5, score = 40, very_late = 15
-- scores: weak: $score (40) from more than $late_days days on, 10 more from $very_late on
-- history: 400
-- source: ISA 520, A5 (expectations out of the entity's own pattern); the series are those of the part `rhythm`
-- with: rhythm
WITH series AS (
    SELECT r.party, r.amount_minor, r.days, r.n
    FROM rhythm r
    LEFT JOIN rhythm w ON w.party = r.party AND w.amount_minor IS NULL
    WHERE r.n >= $least_n AND (r.amount_minor IS NULL OR w.party IS NULL)
), dated AS (
    SELECT s.party, s.amount_minor, s.days, s.n, t.posted_day, min(t.row_key) AS row_key,
           sum(t.amount_minor) AS minor
    FROM series s
    JOIN spend t ON t.party = s.party AND t.amount_minor = coalesce(s.amount_minor, t.amount_minor)
    WHERE t.posted_day IS NOT NULL
    GROUP BY s.party, s.amount_minor, s.days, s.n, t.posted_day
), steady AS (
    SELECT party, amount_minor
    FROM dated
    GROUP BY party, amount_minor
    HAVING quantile_cont(minor, 0.9) <= $steady * quantile_cont(minor, 0.1)
), stepped AS (
    SELECT *, posted_day - lag(posted_day, 1) OVER one_series AS step,
           posted_day - lag(posted_day, 2) OVER one_series AS two_steps
    FROM dated
    WINDOW one_series AS (PARTITION BY party, amount_minor ORDER BY posted_day)
), late AS (
    SELECT p.row_key, v.vendor, p.days, p.n,
           least(p.step - p.days, coalesce(p.two_steps - 2 * p.days, p.step - p.days)) AS days_late
    FROM stepped p
    JOIN party v ON v.party = p.party
    JOIN steady s ON s.party = p.party AND coalesce(s.amount_minor, 0) = coalesce(p.amount_minor, 0)
)
SELECT row_key, $score + CASE WHEN days_late >= $very_late THEN 10 ELSE 0 END AS score,
       CAST(CAST(floor(days_late + 0.5) AS INTEGER) AS VARCHAR) || ' days late' AS observed,
       'every ' || CAST(CAST(floor(days + 0.5) AS INTEGER) AS VARCHAR) || ' days, at most ' || CAST($late_days AS VARCHAR)
           || ' late' AS threshold,
       CAST(n AS VARCHAR) || ' postings of vendor ' || vendor AS population
FROM late
WHERE days_late > $late_days
