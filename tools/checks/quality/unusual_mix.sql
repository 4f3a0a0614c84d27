-- unusual_mix: categories of a source spread differently than before
-- purpose: a mapping that broke or a category that vanished from the feed shifts the mix long before a total
-- needs: posted_on, category
-- about: source
-- params: score = 50, over = 0.25, days = 28, fewest = 100
-- scores: $score (50): said in the report, never a flag. Population stability index of the last $days (28) days
--   against those before over $over (0.25), with at least $fewest (100) rows on each side
-- history: 180
-- source: Siddiqi, Credit Risk Scorecards (2006), for the population stability index and its 0.25
WITH counted AS (
    SELECT source, category, sum(CASE WHEN posted_day > $as_of_day - $days THEN 1 ELSE 0 END) AS recent,
           sum(CASE WHEN posted_day > $as_of_day - $days THEN 0 ELSE 1 END) AS before
    FROM txn
    WHERE category IS NOT NULL AND posted_day <= $as_of_day
    GROUP BY source, category
), whole AS (
    SELECT source, sum(recent) AS recent, sum(before) AS before, count(*) AS categories
    FROM counted
    GROUP BY source
    HAVING sum(recent) >= $fewest AND sum(before) >= $fewest
), share AS (
    SELECT c.source, c.category, w.recent, w.before,
           (c.recent + 0.5) / CAST(w.recent + 0.5 * w.categories AS DOUBLE) AS now,
           (c.before + 0.5) / CAST(w.before + 0.5 * w.categories AS DOUBLE) AS then_
    FROM counted c
    JOIN whole w ON w.source = c.source
), ranked AS (
    SELECT *, (now - then_) * ln(now / then_) AS part,
           row_number() OVER (PARTITION BY source ORDER BY (now - then_) * ln(now / then_) DESC, category) AS place
    FROM share
)
SELECT 'source:' || source AS row_key, $score AS score,
       'index ' || CAST(CAST(sum(part) AS DECIMAL(18, 2)) AS VARCHAR) || ', most by '
       || max(CASE WHEN place = 1 THEN category ELSE NULL END) AS observed,
       'index up to ' || $over AS threshold,
       max(recent) || ' rows against ' || max(before) || ' of source ' || source AS population
FROM ranked
GROUP BY source
HAVING sum(part) > $over
