-- unusual_volume: a week with far more or fewer rows than the weeks before
-- purpose: half a file, a file loaded twice, or a feed that lost a branch, none of which any row shows
-- needs: posted_on
-- about: source
-- params: score = 60, over = 3.5, times = 2, weeks = 4, fewest_weeks = 8, strays = 0.01
-- scores: $score (60): said in the report, never a flag. Each of the last $weeks (4) full weeks against the
--   weeks before them: modified z over $over (3.5) and more than $times (2) times, or less than 1/$times of,
--   the median; from $fewest_weeks (8) weeks on, without the first row and $strays (1%) of the others, whose dates
--   may be none that anybody meant. Beyond what counts vary by chance, too: twice the difference of their roots over $over
-- history: 180
-- source: Iglewicz and Hoaglin (1993), How to Detect and Handle Outliers, for 3.5; Anscombe (1948), Biometrika 35,
--   for the roots
WITH counted AS (
    SELECT source, CAST(floor((posted_day + 3) / 7.0) AS BIGINT) AS week, count(*) AS n, min(posted_day) AS first_day
    FROM txn
    WHERE posted_day <= $as_of_day
    GROUP BY source, CAST(floor((posted_day + 3) / 7.0) AS BIGINT)
), before AS (
    SELECT source, week, first_day, n, sum(n) OVER (PARTITION BY source ORDER BY week) AS until,
           sum(n) OVER (PARTITION BY source) AS of_all
    FROM counted
), bounds AS (
    SELECT source, CAST(floor((min(first_day) + 9) / 7.0) AS BIGINT) AS first_week,
           CAST(floor(($as_of_day + 4) / 7.0) AS BIGINT) - 1 AS last_week
    FROM before
    WHERE until > 1 + $strays * of_all
    GROUP BY source
), week AS (
    SELECT b.source, w.week, coalesce(c.n, 0) AS n,
           CASE WHEN w.week > b.last_week - $weeks THEN 1 ELSE 0 END AS recent
    FROM bounds b
    JOIN (SELECT DISTINCT CAST(floor((day_number + 3) / 7.0) AS BIGINT) AS week FROM calendar) w
      ON w.week BETWEEN b.first_week AND b.last_week
    LEFT JOIN counted c ON c.source = b.source AND c.week = w.week
), middle AS (
    SELECT source, CAST(median(n) AS DOUBLE) AS median, count(*) AS weeks
    FROM week
    WHERE recent = 0
    GROUP BY source
    HAVING count(*) >= $fewest_weeks
), spread AS (
    SELECT w.source, m.median, m.weeks,
           greatest(CAST(median(abs(w.n - m.median)) AS DOUBLE), 1.0) AS mad
    FROM week w
    JOIN middle m ON m.source = w.source
    WHERE w.recent = 0
    GROUP BY w.source, m.median, m.weeks
)
SELECT 'source:' || w.source AS row_key, $score AS score,
       w.n || ' rows in the week from ' || min(c.day) AS observed,
       'near the median of ' || CAST(CAST(s.median AS DECIMAL(18, 1)) AS VARCHAR) || ' (modified z up to ' || $over || ')' AS threshold,
       s.weeks || ' weeks of source ' || w.source AS population
FROM week w
JOIN spread s ON s.source = w.source
JOIN calendar c ON CAST(floor((c.day_number + 3) / 7.0) AS BIGINT) = w.week
WHERE w.recent = 1 AND 0.6745 * abs(w.n - s.median) / s.mad > $over
  AND 2 * abs(sqrt(CAST(w.n AS DOUBLE)) - sqrt(s.median)) > $over
  AND (w.n > $times * s.median OR $times * w.n < s.median)
GROUP BY w.source, w.week, w.n, s.median, s.weeks
